import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import { activateFree } from './renewal.ts'
import type { SessionSnapshot, StripeSnapshot, SubscriptionSnapshot } from '../stripe/snapshot.ts'
import { isLive, type PendingChange, type Subscription } from './subscription.ts'

export type Observation = {
  readonly snapshot: StripeSnapshot
  /** The versions that the snapshot's prices belong to; a price that is none of ours is missing. */
  readonly planOfPrice: ReadonlyMap<string, PlanVersion>
  /** The plan that a pending change of ours leads to; null when none is pending. */
  readonly pendingPlan: PlanVersion | null
  readonly at: Date
}

/**
 * What `before` becomes now that Stripe says `snapshot`. It looks at the state alone, never at an event or its time,
 * so any number of events in any order end in the same place. `accessUntil` and `observedSeq` are the recorder's.
 */
export function observe(before: Subscription, observation: Observation): Subscription {
  const { session, subscription } = observation.snapshot
  if (!isLive(before.status)) return before
  if (subscription !== null) return adopt(before, subscription, observation)
  if (session?.status === 'expired') return withoutCheckout(before, session, observation.at)
  return before
}

/** Stripe owns status, period and cancellation: we take over what it says. */
function adopt(
  before: Subscription,
  snapshot: SubscriptionSnapshot,
  observation: Observation,
): Subscription {
  const { planOfPrice, at } = observation
  if (snapshot.kind === 'deleted')
    return { ...before, ...ended(before, at), status: 'canceled', drift: null }
  if (snapshot.status === null)
    return { ...before, drift: `Stripe's status ${snapshot.rawStatus} is unknown here` }
  const over = !isLive(snapshot.status)
  if (over) {
    const free = freeAfterStripe(before, snapshot.endedAt ?? at, observation)
    if (free !== null) return free
  }
  const plan = planOfPrice.get(snapshot.priceId)
  const pendingChange = over ? null : pendingChangeOf(before, snapshot, observation)
  const isLeaving = pendingChange !== null && isFreeChange(pendingChange, observation)
  return {
    ...before,
    status: snapshot.status,
    stripeSubscriptionId: snapshot.id,
    planVersionId: plan?.id ?? before.planVersionId,
    quantity: snapshot.quantity,
    discount: snapshot.discount,
    anchor: snapshot.anchor,
    period: snapshot.period,
    trialEnd: snapshot.trialEnd,
    cancelAt: over || isLeaving ? null : snapshot.cancelAt,
    pendingChange,
    resumesAt: snapshot.status === 'paused' ? before.resumesAt : null,
    pastDueSince: snapshot.status === 'past_due' ? (before.pastDueSince ?? at) : null,
    endedAt: over ? (snapshot.endedAt ?? at) : null,
    checkout: null,
    drift: plan === undefined ? `Stripe's price ${snapshot.priceId} belongs to no plan` : null,
  }
}

/**
 * What is to come. A change to a free plan is ours alone: at Stripe it is a cancellation, and without that it is off.
 */
function pendingChangeOf(
  before: Subscription,
  snapshot: Extract<SubscriptionSnapshot, { kind: 'present' }>,
  observation: Observation,
): PendingChange | null {
  const { awaitingPayment, scheduled, cancelAt } = snapshot
  const held = before.pendingChange
  if (held !== null && cancelAt !== null && isFreeChange(held, observation))
    return { ...held, at: cancelAt }
  const awaited = awaitingPayment && observation.planOfPrice.get(awaitingPayment.priceId)
  if (awaited)
    return {
      kind: 'awaiting_payment',
      planVersionId: awaited.id,
      at: awaitingPayment.until,
      paymentUrl: awaitingPayment.paymentUrl,
    }
  const next = scheduled && observation.planOfPrice.get(scheduled.priceId)
  if (next) return { kind: 'scheduled', planVersionId: next.id, at: scheduled.at, paymentUrl: null }
  return null
}

const isFreeChange = (change: PendingChange, { pendingPlan }: Observation): boolean =>
  pendingPlan !== null && pendingPlan.id === change.planVersionId && isFree(pendingPlan)

/** Stripe's clock and that of a worker differ, and Stripe's counts whole seconds. */
const CLOCKS_APART_MS = 5 * 60_000

/**
 * The free plan that follows Stripe's subscription, if it ended when that was due; one that ended sooner was ended by
 * somebody else. Null when nothing follows.
 */
function freeAfterStripe(
  before: Subscription,
  endedAt: Date,
  observation: Observation,
): Subscription | null {
  const { pendingChange } = before
  const { pendingPlan } = observation
  if (pendingChange === null || pendingPlan === null) return null
  if (!isFreeChange(pendingChange, observation)) return null
  if (endedAt.getTime() < pendingChange.at.getTime() - CLOCKS_APART_MS) return null
  return {
    ...before,
    ...activateFree(before, pendingPlan, endedAt),
    stripeSubscriptionId: null,
    quantity: 1,
    discount: null,
    trialEnd: null,
    cancelAt: null,
    pendingChange: null,
    pastDueSince: null,
    checkout: null,
    drift: null,
  }
}

/** A page that nobody paid on in time: a subscription that waited for it is over, a running one goes on without it. */
function withoutCheckout(before: Subscription, session: SessionSnapshot, at: Date): Subscription {
  if (before.checkout?.sessionId !== session.id) return before
  if (before.status !== 'incomplete') return { ...before, checkout: null }
  return { ...before, ...ended(before, at), status: 'incomplete_expired' }
}

const ended = (before: Subscription, at: Date) => ({
  checkout: null,
  cancelAt: null,
  pendingChange: null,
  resumesAt: null,
  pastDueSince: null,
  endedAt: before.endedAt ?? at,
})
