import type { PlanVersion } from './plan.ts'
import type { SessionSnapshot, StripeSnapshot, SubscriptionSnapshot } from './stripe-snapshot.ts'
import { isLive, type Subscription } from './subscription.ts'

export type Observation = {
  readonly snapshot: StripeSnapshot
  /** The version that the snapshot's price belongs to; null for a price that is none of ours. */
  readonly planOfPrice: PlanVersion | null
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
  { planOfPrice, at }: Observation,
): Subscription {
  if (snapshot.kind === 'deleted')
    return { ...before, ...ended(before, at), status: 'canceled', drift: null }
  if (snapshot.status === null)
    return { ...before, drift: `Stripe's status ${snapshot.rawStatus} is unknown here` }
  const over = !isLive(snapshot.status)
  return {
    ...before,
    status: snapshot.status,
    stripeSubscriptionId: snapshot.id,
    planVersionId: planOfPrice?.id ?? before.planVersionId,
    anchor: snapshot.anchor,
    period: snapshot.period,
    trialEnd: snapshot.trialEnd,
    cancelAt: over ? null : snapshot.cancelAt,
    pastDueSince: snapshot.status === 'past_due' ? (before.pastDueSince ?? at) : null,
    endedAt: over ? (snapshot.endedAt ?? at) : null,
    checkout: null,
    drift: planOfPrice === null ? `Stripe's price ${snapshot.priceId} belongs to no plan` : null,
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
  pastDueSince: null,
  endedAt: before.endedAt ?? at,
})
