import type { Insertable, Selectable } from 'kysely'
import { subscriptionId, userId } from '../../../domain/ids.ts'
import {
  STATUSES,
  type PendingChange,
  type Status,
  type Subscription,
} from '../../../domain/subscription/subscription.ts'
import type { SubscriptionsTable } from './schema.ts'

/** @throws RangeError when a row is none that we write: our data would be broken. */
export function subscriptionFromRow(row: Selectable<SubscriptionsTable>): Subscription {
  return {
    id: subscriptionId(row.id),
    userId: userId(row.user_id),
    productLine: row.product_line,
    planVersionId: row.plan_version_id,
    quantity: row.quantity,
    discount: row.discount && {
      ...row.discount,
      endsAt: row.discount.endsAt === null ? null : new Date(row.discount.endsAt),
    },
    status: statusFrom(row.status),
    anchor: row.anchor,
    period:
      row.period_start === null || row.period_end === null
        ? null
        : { start: row.period_start, end: row.period_end },
    trialEnd: row.trial_end,
    cancelAt: row.cancel_at,
    pendingChange: pendingChangeFromRow(row),
    resumesAt: row.resumes_at,
    pastDueSince: row.past_due_since,
    endedAt: row.ended_at,
    accessUntil: row.access_until,
    checkout: checkoutFromRow(row),
    checkoutGeneration: row.checkout_generation,
    stripeSubscriptionId: row.stripe_subscription_id,
    drift: row.drift,
    observedSeq: row.observed_seq,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function rowFromSubscription(subscription: Subscription): Insertable<SubscriptionsTable> {
  return {
    id: subscription.id,
    user_id: subscription.userId,
    product_line: subscription.productLine,
    plan_version_id: subscription.planVersionId,
    quantity: subscription.quantity,
    discount: subscription.discount && JSON.stringify(subscription.discount),
    status: subscription.status,
    anchor: subscription.anchor,
    period_start: subscription.period?.start ?? null,
    period_end: subscription.period?.end ?? null,
    trial_end: subscription.trialEnd,
    cancel_at: subscription.cancelAt,
    pending_kind: subscription.pendingChange?.kind ?? null,
    pending_plan_version_id: subscription.pendingChange?.planVersionId ?? null,
    pending_at: subscription.pendingChange?.at ?? null,
    pending_payment_url: subscription.pendingChange?.paymentUrl ?? null,
    resumes_at: subscription.resumesAt,
    past_due_since: subscription.pastDueSince,
    ended_at: subscription.endedAt,
    access_until: subscription.accessUntil,
    checkout_session_id: subscription.checkout?.sessionId ?? null,
    checkout_url: subscription.checkout?.url ?? null,
    checkout_expires_at: subscription.checkout?.expiresAt ?? null,
    checkout_plan_version_id: subscription.checkout?.planVersionId ?? null,
    checkout_generation: subscription.checkoutGeneration,
    stripe_subscription_id: subscription.stripeSubscriptionId,
    drift: subscription.drift,
    observed_seq: subscription.observedSeq,
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  }
}

function statusFrom(text: string): Status {
  const status = STATUSES.find((known) => known === text)
  if (status === undefined) throw new RangeError(`not a status of a subscription: ${text}`)
  return status
}

function checkoutFromRow(row: Selectable<SubscriptionsTable>) {
  const { checkout_session_id: sessionId, checkout_url: url, checkout_expires_at: expiresAt } = row
  const planVersionId = row.checkout_plan_version_id
  if (sessionId === null || url === null || expiresAt === null || planVersionId === null)
    return null
  return { sessionId, url, expiresAt, planVersionId }
}

function pendingChangeFromRow(row: Selectable<SubscriptionsTable>): PendingChange | null {
  const { pending_kind: kind, pending_plan_version_id: planVersionId, pending_at: at } = row
  if (kind === null || planVersionId === null || at === null) return null
  return { kind, planVersionId, at, paymentUrl: row.pending_payment_url }
}
