import { cancelNow } from '../billing/cancel.ts'
import { isOver } from '../billing/changes.ts'
import { rowByPath } from '../http/by-path.ts'
import { listPage, within } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import type { Values } from '../http/params.ts'
import { missing } from '../http/refusal.ts'
import { periodOf } from '../objects/subscription.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { createSubscription } from './subscription-create.ts'
import { CANCEL, CREATE, LIST, UPDATE } from './subscription-params.ts'
import { updateSubscription } from './subscription-update.ts'

/** The subscription that the path names, also an ended one. @throws Refusal (404) for an unknown id. */
export const subscriptionByPath = (step: Step, ids: Ids): Subscription =>
  rowByPath(step, { table: 'subscriptions', noun: 'subscription' }, ids)

/** Subscriptions: create, retrieve, update, cancel and list. @see https://docs.stripe.com/api/subscriptions/object */
export const subscriptions = [
  operation('POST /v1/subscriptions', {
    answers: 'subscription',
    params: CREATE,
    run: (step, { params }) => createSubscription(step, params),
  }),
  operation('GET /v1/subscriptions/:id', {
    answers: 'subscription',
    params: {},
    run: (step, { ids }) => subscriptionByPath(step, ids),
  }),
  operation('POST /v1/subscriptions/:id', {
    answers: 'subscription',
    params: UPDATE,
    run: (step, { ids, params }) => updateSubscription(step, subscriptionByPath(step, ids), params),
  }),
  operation('DELETE /v1/subscriptions/:id', {
    answers: 'subscription',
    params: CANCEL,
    run(step, { ids, params }) {
      const row = subscriptionByPath(step, ids)
      // Stripe returns 404 for ended subscriptions; a repeated cancel must expect it.
      if (isOver(row)) throw missing('subscription', row.id, 'id', 'path')
      return cancelNow(step, withDetails(row, params), {
        prorates: params.prorate === true,
        invoicesNow: params.invoice_now === true,
      })
    },
  }),
  operation('GET /v1/subscriptions', {
    answers: 'subscription',
    isList: true,
    params: LIST,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/subscriptions',
        noun: 'subscription',
        table: 'subscriptions',
        walk:
          params.customer === undefined ? undefined : { index: 'customer', key: params.customer },
        params,
        // Subscriptions of a test clock are hidden, unless the call names their clock or customer.
        where: (row) =>
          (params.customer !== undefined || row.test_clock === (params.test_clock ?? null)) &&
          hasStatus(row, params.status) &&
          matches(row, params),
      }),
  }),
]

function withDetails(row: Subscription, { cancellation_details: given }: Values<typeof CANCEL>) {
  if (given === undefined) return row
  const details = { comment: given.comment ?? null, feedback: given.feedback ?? null }
  return { ...row, cancellation_details: { ...details, feedback_option: null, reason: null } }
}

/** Without a status, canceled subscriptions are omitted; `ended` selects every ended subscription. */
function hasStatus(row: Subscription, status: Values<typeof LIST>['status']): boolean {
  if (status === undefined) return !isOver(row)
  if (status === 'all') return true
  if (status === 'ended') return isOver(row)
  return row.status === status
}

function matches(row: Subscription, params: Values<typeof LIST>): boolean {
  const period = periodOf(row)
  return (
    within(params.created, row.created) &&
    within(params.current_period_start, period.start) &&
    within(params.current_period_end, period.end) &&
    (params.collection_method === undefined ||
      row.collection_method === params.collection_method) &&
    (params.price === undefined || row.items.data.some(({ price }) => price.id === params.price))
  )
}
