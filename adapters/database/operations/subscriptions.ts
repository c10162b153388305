import type {
  SubscriptionRepository,
  SubscriptionWrite,
  WriteOutcome,
} from '../../../domain/subscription/repository.ts'
import type { StripeObjectIds } from '../../../domain/stripe/event.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import type { SubscriptionFilter, SubscriptionPage } from '../../../domain/subscription/search.ts'
import { webhookOfChange } from '../../../domain/webhook/webhook.ts'
import type { Row } from '../tables/schema.ts'
import { rowFromSubscription, subscriptionFromRow } from '../tables/subscription-rows.ts'
import { violates } from '../errors.ts'
import { Json, type Operations } from './port.ts'

/**
 * Writes one step of a subscription: row, timeline, notices, windows and the events that it took in, all or
 * nothing. Running it twice: the second finds `observed_seq` moved on and writes nothing (`superseded`).
 */
export async function saveSubscription(
  operations: Operations,
  write: SubscriptionWrite,
): Promise<WriteOutcome> {
  const { before, after, at, alert } = write
  const isSaved = await operations.value<boolean>('save_subscription', {
    p_row: new Json({
      ...rowFromSubscription({ ...after, id: before.id }),
      discount: after.discount,
    }),
    p_seq: before.observedSeq,
    p_now: at,
    p_changes: new Json(changesToTell(write)),
    p_notices: new Json(write.notices),
    p_windows: new Json(
      write.windows.map(({ featureId, start, end, quotaLimit, rolloverMax }) => ({
        feature_id: featureId,
        starts: start,
        ends: end,
        quota_limit: quotaLimit,
        rollover_max: rolloverMax,
      })),
    ),
    p_end_windows_at: write.endWindowsAt,
    p_alert:
      alert &&
      new Json({
        feature_id: alert.featureId,
        window_start: alert.windowStart,
        threshold: alert.threshold,
      }),
    p_events: write.eventIds,
  })
  return isSaved === true ? 'saved' : 'superseded'
}

/** The entries of the timeline, each with what it tells the application. With its first step a subscription has come to be. */
function changesToTell({
  before,
  changes,
  at,
  actor,
  cause,
  alert,
  traceparent,
}: SubscriptionWrite) {
  const told = changes.map((change) => ({
    ...change,
    at,
    actor,
    cause,
    traceparent,
    event: webhookOfChange(change, alert),
  }))
  if (before.observedSeq > 0) return told
  const event = { type: 'subscription.created', fact: 'created' }
  return [{ at, actor, cause, traceparent, event }, ...told]
}

/** The subscription that an object at Stripe belongs to, if it does not name it itself. */
export async function findByStripeIds(
  operations: Operations,
  ids: StripeObjectIds,
): Promise<Subscription | undefined> {
  const [row] = await operations.rows<Row<'subscriptions'>>('find_subscription_at_stripe', {
    p_subscription: ids.stripeSubscriptionId,
    p_session: ids.sessionId,
    p_customer: ids.customerId,
  })
  return row && subscriptionFromRow(row)
}

/** Subscriptions of whomever, the newest first. */
export async function searchSubscriptions(
  operations: Operations,
  { status, plan, userId, drift }: SubscriptionFilter,
  { limit, after }: SubscriptionPage,
): Promise<Subscription[]> {
  const rows = await operations.rows<Row<'subscriptions'>>('list_subscriptions', {
    p_status: status ?? null,
    p_plan: plan ?? null,
    p_user: userId ?? null,
    p_drift: drift ?? null,
    p_after: after ?? null,
    p_limit: limit,
  })
  return rows.map(subscriptionFromRow)
}

const ONE_LIVE = 'one_live_subscription_per_user_and_product_line'

type Creating = Pick<SubscriptionRepository, 'find' | 'findLive'> & {
  /** False when this id is there already. @throws what breaks a constraint. */
  readonly insert: (subscription: Subscription) => Promise<boolean>
}

/** Creates a subscription, unless it is there or the user has another one that lives. */
export const creating =
  ({ find, findLive, insert }: Creating): SubscriptionRepository['create'] =>
  async (subscription) => {
    try {
      if (await insert(subscription)) return { kind: 'created' }
    } catch (error) {
      if (!violates(error, ONE_LIVE)) throw error
      const other = await findLive(subscription.userId, subscription.productLine)
      // The other one may have ended in this very moment; the caller's retry finds the way free.
      if (other === undefined) throw error
      return { kind: 'taken', by: other.id }
    }
    const existing = await find(subscription.id)
    if (existing === undefined) throw new Error(`subscription ${subscription.id} vanished`)
    return { kind: 'repeated', subscription: existing }
  }
