import { createSession } from '../checkout/create.ts'
import { expireSession } from '../checkout/expire.ts'
import { CREATE, LIST } from '../checkout/params.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, paging, within } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import { metadata, type Values } from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import { listOf } from '../objects/list.ts'
import type { CheckoutSession } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { mergeMetadata } from './metadata.ts'

const byPath = (step: Step, ids: Ids): CheckoutSession =>
  rowByPath(step, { table: 'checkoutSessions', noun: 'checkout.session', param: 'session' }, ids)

/**
 * Checkout sessions: create, retrieve, update, expire, list, and list their items.
 * @see https://docs.stripe.com/payments/checkout
 */
export const checkoutSessions = [
  operation('POST /v1/checkout/sessions', {
    answers: 'checkout.session',
    params: CREATE,
    run: (step, { params }) => createSession(step, params),
  }),
  operation('GET /v1/checkout/sessions/:id', {
    answers: 'checkout.session',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/checkout/sessions/:id', {
    answers: 'checkout.session',
    params: { metadata: metadata() },
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      const merged = mergeMetadata(row.metadata ?? {}, params.metadata)
      return step.put('checkoutSessions', { ...row, metadata: merged })
    },
  }),
  operation('POST /v1/checkout/sessions/:id/expire', {
    answers: 'checkout.session',
    params: {},
    run(step, { ids }) {
      const row = byPath(step, ids)
      if (row.status === 'open') return expireSession(step, row)
      throw invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${row.status}\`.`,
      )
    },
  }),
  operation('GET /v1/checkout/sessions/:id/line_items', {
    answers: 'item',
    isList: true,
    params: paging,
    run(step, { ids }) {
      const row = byPath(step, ids)
      const lines = step.find('checkoutIntents', row.id)?.lines ?? []
      return listOf(lines, `/v1/checkout/sessions/${row.id}/line_items`)
    },
  }),
  operation('GET /v1/checkout/sessions', {
    answers: 'checkout.session',
    isList: true,
    params: LIST,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/checkout/sessions',
        noun: 'checkout.session',
        table: 'checkoutSessions',
        walk: walkOf(params),
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.customer === undefined || row.customer === params.customer) &&
          (params.status === undefined || row.status === params.status) &&
          (params.payment_intent === undefined || row.payment_intent === params.payment_intent) &&
          (params.customer_details === undefined ||
            row.customer_details?.email === params.customer_details.email),
      }),
  }),
]

function walkOf({ customer, subscription }: Values<typeof LIST>) {
  if (subscription !== undefined) return { index: 'subscription', key: subscription }
  return customer === undefined ? undefined : { index: 'customer', key: customer }
}
