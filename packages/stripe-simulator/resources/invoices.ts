import type { Stripe } from 'stripe'
import { reviseSubscription } from '../billing/changes.ts'
import { collect, settleOutside } from '../billing/collection.ts'
import { refuseWhileProcessed } from '../billing/collect.ts'
import { cardRefusal } from '../billing/declines.ts'
import { finalizeInvoice, subscriptionOf, voidInvoice } from '../billing/invoicing.ts'
import { expirePending } from '../billing/pending-change.ts'
import { isForPendingChange } from '../billing/pending-invoice.ts'
import { writeOff } from '../billing/renewal.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging, within, type Paging } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  flag,
  id,
  ignored,
  metadata,
  oneOf,
  range,
  unmodelled,
  type Covers,
} from '../http/params.ts'
import { invalid, missing, Refusal } from '../http/refusal.ts'
import type { Invoice } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { revise } from '../webhooks/emit.ts'
import { given } from './given.ts'
import { invoicePreview } from './invoice-preview.ts'
import { mergeMetadata } from './metadata.ts'
import { methodOf } from './payment-method-attachment.ts'
import { collectionMethod } from './shared-params.ts'

const LIST = {
  ...paging,
  collection_method: collectionMethod,
  created: range(),
  customer: id(),
  customer_account: unmodelled,
  due_date: ignored,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: id(),
} as const satisfies Covers<Stripe.InvoiceListParams>

const PAY = {
  forgive: ignored,
  mandate: ignored,
  off_session: flag(),
  paid_out_of_band: flag(),
  payment_method: id(),
  source: unmodelled,
} as const satisfies Covers<Stripe.InvoicePayParams>

const byPath = (step: Step, ids: Ids): Invoice =>
  rowByPath(step, { table: 'invoices', noun: 'invoice', param: 'invoice' }, ids)

/**
 * Invoices: preview, retrieve, update, finalize, pay, void, write off, and list.
 * @see https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
export const invoices = [
  invoicePreview,
  operation('GET /v1/invoices/:id', {
    answers: 'invoice',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/invoices/:id', {
    answers: 'invoice',
    params: { auto_advance: flag(), metadata: metadata(), description: ignored },
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      const merged = mergeMetadata(row.metadata ?? {}, params.metadata)
      const to = { ...given({ auto_advance: params.auto_advance }), metadata: merged }
      return revise(step, 'invoices', { row, to, event: 'invoice.updated' })
    },
  }),
  operation('POST /v1/invoices/:id/finalize', {
    answers: 'invoice',
    params: { auto_advance: flag() },
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      if (row.status !== 'draft') throw wrongStatus('This invoice is already finalized.')
      return finalizeInvoice(step, { ...row, ...given({ auto_advance: params.auto_advance }) })
    },
  }),
  operation('POST /v1/invoices/:id/pay', {
    answers: 'invoice',
    params: PAY,
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      const open = row.status === 'draft' ? finalizeInvoice(step, row) : row
      if (open.status === 'paid' && row.status === 'draft') return open
      if (open.status === 'paid') throw wrongStatus('Invoice is already paid')
      if (open.status === 'void') throw wrongStatus('This invoice can no longer be paid.')
      if (params.paid_out_of_band === true) return settleOutside(step, open)
      const method =
        params.payment_method === undefined
          ? undefined
          : methodOf(step, params.payment_method, row.customer ?? '', 'payment_method')
      const attempt = collect(step, open, { method, manual: true })
      if (attempt.kind === 'paid' || attempt.kind === 'processing') return attempt.invoice
      return {
        refusal: attempt.kind === 'declined' ? cardRefusal(attempt.declined) : needsAction(),
      }
    },
  }),
  operation('POST /v1/invoices/:id/void', {
    answers: 'invoice',
    params: {},
    run(step, { ids }) {
      const row = byPath(step, ids)
      if (row.status !== 'open' && row.status !== 'uncollectible') {
        throw wrongStatus('You can only void an open or uncollectible invoice.')
      }
      // A change that waits for this invoice is discarded with it.
      const subscription = isForPendingChange(step, row) ? subscriptionOf(step, row) : undefined
      if (subscription === undefined) return givenUp(step, voidInvoice(step, row))
      expirePending(step, subscription)
      return byPath(step, ids)
    },
  }),
  operation('POST /v1/invoices/:id/mark_uncollectible', {
    answers: 'invoice',
    params: {},
    run(step, { ids }) {
      const row = byPath(step, ids)
      if (row.status !== 'open') throw wrongStatus('You can only write off an open invoice.')
      refuseWhileProcessed(step, row)
      return givenUp(step, writeOff(step, row))
    },
  }),
  operation('GET /v1/invoices/:id/lines', {
    answers: 'line_item',
    isList: true,
    params: paging,
    run: (step, { ids, params }) => linesPage(byPath(step, ids), params),
  }),
  operation('GET /v1/invoices', {
    answers: 'invoice',
    isList: true,
    params: LIST,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/invoices',
        noun: 'invoice',
        table: 'invoices',
        walk: walkOf(params),
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.status === undefined || row.status === params.status) &&
          (params.customer === undefined || row.customer === params.customer) &&
          (params.collection_method === undefined ||
            row.collection_method === params.collection_method),
      }),
  }),
]

/** A subscription that was past due for this invoice alone is active again: nothing is owed any more. */
function givenUp(step: Step, invoice: Invoice): Invoice {
  const subscription = subscriptionOf(step, invoice)
  const waits = subscription?.status === 'past_due' || subscription?.status === 'unpaid'
  if (subscription !== undefined && waits && subscription.latest_invoice === invoice.id)
    reviseSubscription(step, subscription, { status: 'active' })
  return invoice
}

/** A page of an invoice's lines, in the order of the invoice. */
function linesPage({ id: invoice, lines }: Invoice, { limit = 10, starting_after: after }: Paging) {
  const from = after === undefined ? 0 : lines.data.findIndex(({ id: line }) => line === after) + 1
  if (after !== undefined && from === 0)
    throw missing('line item', after, 'starting_after', 'param')
  const data = lines.data.slice(from, from + limit)
  const hasMore = from + data.length < lines.data.length
  return { object: 'list', data, has_more: hasMore, url: `/v1/invoices/${invoice}/lines` }
}

type Walked = { readonly subscription?: string | undefined; readonly customer?: string | undefined }

function walkOf({ subscription, customer }: Walked) {
  if (subscription !== undefined) return { index: 'subscription', key: subscription }
  return customer === undefined ? undefined : { index: 'customer', key: customer }
}

const wrongStatus = (message: string) => invalid(message, undefined, 'invoice_not_editable')

function needsAction(): Refusal {
  return new Refusal({
    status: 402,
    type: 'card_error',
    code: 'invoice_payment_intent_requires_action',
    message:
      'This payment requires additional user action before it can be completed successfully.',
  })
}
