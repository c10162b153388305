import type { Insertable, Selectable } from 'kysely'
import type { Interval } from '../../../domain/calendar.ts'
import { subscriptionId, userId } from '../../../domain/ids.ts'
import {
  isLive,
  STATUSES,
  type AddonUnits,
  type Checkout,
  type CollectionPause,
  type PendingChange,
  type Subscription,
} from '../../../domain/subscription/subscription.ts'
import type { SubscriptionsTable } from './schema.ts'

/** A row that breaks one of the table's constraints, which are named after the facts that a state must have. */
export class ImpossibleSubscriptionError extends RangeError {
  override readonly name = 'ImpossibleSubscriptionError'
  /** The name of the constraint in `migrations/`. */
  readonly constraint: string

  constructor(id: string, constraint: string) {
    super(`subscription ${id} breaks the constraint ${constraint}`)
    this.constraint = constraint
  }
}

type Broken = (constraint: string) => Error

/**
 * Translates a row into the state that its status names.
 *
 * @throws ImpossibleSubscriptionError for a row that the constraints of `subscriptions` refuse.
 */
export function subscriptionFromRow(row: Selectable<SubscriptionsTable>): Subscription {
  const broken: Broken = (constraint) => new ImpossibleSubscriptionError(row.id, constraint)
  const status = STATUSES.find((known) => known === row.status)
  if (status === undefined) throw broken('status_is_known')
  const { anchor, trial_end: trialEnd, past_due_since: pastDueSince, ended_at: endedAt } = row
  if ((status === 'past_due') !== (pastDueSince !== null)) throw broken('past_due_has_a_beginning')
  if (isLive(status) !== (endedAt === null)) throw broken('ended_exactly_when_over')
  if (row.resumes_at !== null && status !== 'paused') throw broken('only_the_paused_resume')
  if (row.paused_at !== null && status !== 'paused') throw broken('only_the_paused_stand_still')
  if (row.quantity < 1) throw broken('subscription_has_one_or_more')
  const facts = {
    ...factsFromRow(row, broken),
    anchor,
    trialEnd,
    period: periodFromRow(row, broken),
  }
  if (endedAt !== null && (status === 'canceled' || status === 'incomplete_expired'))
    return { ...facts, status, pastDueSince: null, endedAt }
  if (status === 'incomplete') return { ...facts, status, pastDueSince: null, endedAt: null }
  const { period } = facts
  if (anchor === null || period === null) throw broken('running_has_a_period')
  const begun = { ...facts, anchor, period, pastDueSince: null, endedAt: null }
  switch (status) {
    case 'past_due':
      if (pastDueSince === null) throw broken('past_due_has_a_beginning')
      return { ...begun, status, pastDueSince }
    case 'trialing':
      if (trialEnd === null) throw broken('trialing_has_an_end')
      return { ...begun, status, trialEnd }
    case 'active':
    case 'unpaid':
    case 'paused':
      return { ...begun, status }
    case 'canceled':
    case 'incomplete_expired':
      throw broken('ended_exactly_when_over')
  }
}

function periodFromRow(
  { period_start: start, period_end: end }: Selectable<SubscriptionsTable>,
  broken: Broken,
): Interval | null {
  if (start === null && end === null) return null
  if (start === null || end === null) throw broken('period_is_whole')
  if (start >= end) throw broken('period_is_half_open')
  return { start, end }
}

const factsFromRow = (row: Selectable<SubscriptionsTable>, broken: Broken) => ({
  id: subscriptionId(row.id),
  userId: userId(row.user_id),
  productLine: row.product_line,
  planVersionId: row.plan_version_id,
  quantity: row.quantity,
  discount: row.discount && {
    ...row.discount,
    endsAt: row.discount.endsAt === null ? null : new Date(row.discount.endsAt),
  },
  cancelAt: row.cancel_at,
  pendingChange: pendingChangeFromRow(row, broken),
  resumesAt: row.resumes_at,
  pausedAt: row.paused_at,
  accessUntil: row.access_until,
  checkout: checkoutFromRow(row, broken),
  checkoutGeneration: row.checkout_generation,
  stripeSubscriptionId: row.stripe_subscription_id,
  stripeItemId: row.stripe_item_id,
  addons: row.addons ?? [],
  foreignItems: row.foreign_items ?? [],
  paymentProcessing: row.payment_processing,
  collectionPause: collectionPauseFromRow(row, broken),
  drift: row.drift,
  observedSeq: row.observed_seq,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** The reverse of `subscriptionFromRow`. */
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
    pending_quantity: subscription.pendingChange?.quantity ?? null,
    pending_addons: subscription.pendingChange && JSON.stringify(subscription.pendingChange.addons),
    pending_at: subscription.pendingChange?.at ?? null,
    pending_payment_url: subscription.pendingChange?.paymentUrl ?? null,
    resumes_at: subscription.resumesAt,
    paused_at: subscription.pausedAt,
    payment_processing: subscription.paymentProcessing,
    collection_pause: subscription.collectionPause?.behavior ?? null,
    collection_resumes_at: subscription.collectionPause?.resumesAt ?? null,
    collection_paid_until: subscription.collectionPause?.paidUntil ?? null,
    past_due_since: subscription.pastDueSince,
    ended_at: subscription.endedAt,
    access_until: subscription.accessUntil,
    checkout_session_id: subscription.checkout?.sessionId ?? null,
    checkout_url: subscription.checkout?.url ?? null,
    checkout_expires_at: subscription.checkout?.expiresAt ?? null,
    checkout_plan_version_id: subscription.checkout?.planVersionId ?? null,
    checkout_generation: subscription.checkoutGeneration,
    stripe_subscription_id: subscription.stripeSubscriptionId,
    stripe_item_id: subscription.stripeItemId,
    addons: JSON.stringify(subscription.addons),
    foreign_items: JSON.stringify(subscription.foreignItems),
    drift: subscription.drift,
    observed_seq: subscription.observedSeq,
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  }
}

function checkoutFromRow(row: Selectable<SubscriptionsTable>, broken: Broken): Checkout | null {
  const { checkout_session_id: sessionId, checkout_url: url, checkout_expires_at: expiresAt } = row
  const planVersionId = row.checkout_plan_version_id
  if (sessionId === null && url === null && expiresAt === null && planVersionId === null)
    return null
  if (sessionId === null || url === null || expiresAt === null || planVersionId === null)
    throw broken('checkout_is_whole')
  return { sessionId, url, expiresAt, planVersionId }
}

const unitsOf = (addons: readonly AddonUnits[]): AddonUnits[] =>
  addons.map(({ planVersionId, quantity }) => ({ planVersionId, quantity }))

function collectionPauseFromRow(
  row: Selectable<SubscriptionsTable>,
  broken: Broken,
): CollectionPause | null {
  const { collection_pause: behavior, collection_paid_until: paidUntil } = row
  if (behavior === null && paidUntil === null && row.collection_resumes_at === null) return null
  if (behavior === null || paidUntil === null) throw broken('collection_pause_is_whole')
  return { behavior, resumesAt: row.collection_resumes_at, paidUntil }
}

function pendingChangeFromRow(
  row: Selectable<SubscriptionsTable>,
  broken: Broken,
): PendingChange | null {
  const { pending_kind: kind, pending_plan_version_id: planVersionId, pending_at: at } = row
  const { pending_payment_url: paymentUrl } = row
  if (kind === null && planVersionId === null && at === null && paymentUrl === null) return null
  if (kind === null || planVersionId === null || at === null)
    throw broken('pending_change_is_whole')
  // A process of the release before writes no quantity: its changes at a time of their own keep the present one.
  const quantity = row.pending_quantity ?? row.quantity
  const addons = row.pending_addons ?? unitsOf(row.addons ?? [])
  return { kind, planVersionId, quantity, addons, at, paymentUrl }
}
