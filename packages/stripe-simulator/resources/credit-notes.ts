import type { Stripe } from 'stripe'
import { customerOf } from '../billing/customers.ts'
import { retrieval } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation } from '../http/operation.ts'
import {
  id,
  ignored,
  integer,
  metadata,
  oneOf,
  range,
  required,
  text,
  unmodelled,
  type Covers,
  type Values,
} from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newCreditNote } from '../objects/credit-note.ts'
import type { CreditNote, Invoice } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { refundCharge } from './refunds.ts'

const CREATE = {
  amount: required(integer(1)),
  credit_amount: integer(0),
  effective_at: ignored,
  email_type: ignored,
  invoice: required(id()),
  lines: unmodelled,
  memo: text(),
  metadata: metadata(),
  out_of_band_amount: unmodelled,
  reason: oneOf('duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'),
  refund_amount: integer(0),
  refunds: unmodelled,
  shipping_cost: unmodelled,
} as const satisfies Covers<Stripe.CreditNoteCreateParams>

/** Corrections of paid invoices: a refund to the card, or credit for the next invoice. */
export const creditNotes = [
  operation('POST /v1/credit_notes', {
    answers: 'credit_note',
    params: CREATE,
    run: (step, { params }) => create(step, params),
  }),
  retrieval('GET /v1/credit_notes/:id', {
    answers: 'credit_note',
    table: 'creditNotes',
    noun: 'credit note',
  }),
  operation('GET /v1/credit_notes', {
    answers: 'credit_note',
    isList: true,
    params: { ...paging, created: range(), customer: id(), invoice: id() },
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/credit_notes',
        noun: 'credit note',
        table: 'creditNotes',
        walk: params.invoice === undefined ? undefined : { index: 'invoice', key: params.invoice },
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.customer === undefined || row.customer === params.customer),
      }),
  }),
]

function create(step: Step, params: Values<typeof CREATE>): CreditNote {
  const invoice = step.find('invoices', params.invoice)
  if (invoice === undefined) throw missing('invoice', params.invoice, 'invoice', 'param')
  if (invoice.status !== 'paid') {
    throw invalid('The Stripe simulator credits paid invoices only.', 'invoice', 'not_simulated')
  }
  const {
    amount,
    refund_amount: refunded = 0,
    credit_amount: credited = amount - refunded,
  } = params
  if (refunded + credited !== amount) {
    throw invalid('The refund and the credit must add up to the amount.', 'credit_amount')
  }
  if (amount > invoice.amount_paid - invoice.post_payment_credit_notes_amount) {
    throw invalid('The amount exceeds what was paid for the invoice.', 'amount')
  }
  const refund = refunded === 0 ? null : refundOf(step, invoice, refunded)
  if (credited > 0) credit(step, invoice, credited)
  const ordinal = [...step.rows('creditNotes', { index: 'invoice', key: invoice.id })].length + 1
  const { memo = null, reason = null, metadata: given = {} } = params
  const plan = { amount, created: step.now, memo, reason, metadata: given, refund }
  const note = step.put('creditNotes', newCreditNote(invoice, plan, ordinal))
  emit(step, 'credit_note.created', note)
  const sum = invoice.post_payment_credit_notes_amount + amount
  const to = { post_payment_credit_notes_amount: sum }
  revise(step, 'invoices', { row: invoice, to, event: 'invoice.updated' })
  return note
}

function refundOf(step: Step, invoice: Invoice, amount: number) {
  for (const payment of step.rows('invoicePayments', { index: 'invoice', key: invoice.id })) {
    if (payment.status !== 'paid') continue
    return refundCharge(step, { payment_intent: payment.payment.payment_intent, amount })
  }
  throw invalid('The invoice was not paid by a card.', 'refund_amount')
}

function credit(step: Step, invoice: Invoice, amount: number): void {
  const row = customerOf(step, invoice.customer ?? '')
  revise(step, 'customers', {
    row,
    to: { balance: row.balance - amount },
    event: 'customer.updated',
  })
}
