import type { Stripe } from 'stripe'
import { retrieval } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation } from '../http/operation.ts'
import { fields, id, oneOf, range, required, unmodelled, type Covers } from '../http/params.ts'
import { missing } from '../http/refusal.ts'

const INVOICE_PAYMENTS = {
  ...paging,
  created: range(),
  invoice: id(),
  payment: fields({
    payment_intent: id(),
    payment_record: unmodelled,
    type: required(oneOf('payment_intent')),
  }),
  status: oneOf('canceled', 'open', 'paid'),
} as const satisfies Covers<Stripe.InvoicePaymentListParams>

/** Payments: the request to the bank, its answer, and the invoice. */
export const payments = [
  operation('GET /v1/payment_intents/:id', {
    answers: 'payment_intent',
    params: { client_secret: id() },
    run(step, { ids }) {
      const row = step.find('paymentIntents', ids['id'] ?? '')
      if (row === undefined) throw missing('payment_intent', ids['id'] ?? '', 'intent', 'path')
      return row
    },
  }),
  operation('GET /v1/payment_intents', {
    answers: 'payment_intent',
    isList: true,
    params: { ...paging, created: range(), customer: id() },
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/payment_intents',
        noun: 'payment_intent',
        table: 'paymentIntents',
        walk:
          params.customer === undefined ? undefined : { index: 'customer', key: params.customer },
        params,
        where: (row) => within(params.created, row.created),
      }),
  }),
  retrieval('GET /v1/charges/:id', {
    answers: 'charge',
    table: 'charges',
    noun: 'charge',
    param: 'charge',
  }),
  operation('GET /v1/charges', {
    answers: 'charge',
    isList: true,
    params: { ...paging, created: range(), customer: id(), payment_intent: id() },
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/charges',
        noun: 'charge',
        table: 'charges',
        walk:
          params.payment_intent !== undefined
            ? { index: 'payment_intent', key: params.payment_intent }
            : params.customer === undefined
              ? undefined
              : { index: 'customer', key: params.customer },
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.customer === undefined || row.customer === params.customer),
      }),
  }),
  retrieval('GET /v1/invoice_payments/:id', {
    answers: 'invoice_payment',
    table: 'invoicePayments',
    noun: 'invoice_payment',
  }),
  operation('GET /v1/invoice_payments', {
    answers: 'invoice_payment',
    isList: true,
    params: INVOICE_PAYMENTS,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/invoice_payments',
        noun: 'invoice_payment',
        table: 'invoicePayments',
        walk: walkOf(params.invoice, params.payment?.payment_intent),
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.status === undefined || row.status === params.status),
      }),
  }),
]

function walkOf(invoice: string | undefined, intent: string | undefined) {
  if (invoice !== undefined) return { index: 'invoice', key: invoice }
  return intent === undefined ? undefined : { index: 'payment_intent', key: intent }
}
