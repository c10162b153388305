import {
  withPlannedPrices,
  type PlannedPrices,
} from '../adapters/stripe/commands/planned-prices.ts'
import { isFree, type PlanVersion } from '../domain/catalogue/plan.ts'
import type { SubscriptionSnapshot } from '../domain/stripe/snapshot.ts'
import {
  reasonToDrop,
  setAsideChange,
  type DroppedChange,
  type SetAsideChange,
} from '../domain/subscription/set-aside.ts'
import { sameAddons } from '../domain/subscription/addons.ts'
import type { PendingChange, Subscription } from '../domain/subscription/subscription.ts'
import type { ActivityParts } from './parts.ts'

/** Far more entries than a subscription has in twenty years. */
const TIMELINE_MAX = 10_000

type ReadParts = Pick<ActivityParts, 'repositories'>

type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'returns'; readonly change: SetAsideChange }
  | { readonly kind: 'dropped'; readonly dropped: DroppedChange }

/** Finds the plan change that the withdrawn cancellation of `before` had withdrawn, and decides whether it returns. */
export async function findSetAside(
  { repositories: { plans, subscriptions } }: ReadParts,
  before: Subscription,
  at: Date,
): Promise<Found> {
  const change = setAsideChange(await subscriptions.timeline(before.id, TIMELINE_MAX), before)
  if (change === null) return { kind: 'none' }
  const { slug } = await plans.getVersion(change.planVersionId)
  const present = await plans.getVersion(before.planVersionId)
  const { currency } = present.price
  const offeredAt = (instant: Date) =>
    plans.findOffered(slug, { userId: before.userId, at: instant, currency })
  // Other units or add-ons keep the present version, whatever is on sale by now.
  const offered =
    change.planVersionId === present.id
      ? [present]
      : await Promise.all([offeredAt(at), offeredAt(change.at)])
  const because = reasonToDrop(change, { period: before.period, offered, at })
  if (because === null) return { kind: 'returns', change }
  const { planVersionId } = change
  return { kind: 'dropped', dropped: { planVersionId, at: change.at.toISOString(), because } }
}

/** Whether a snapshot shows that the cancellation was withdrawn, and nothing else has changed. */
export const isKept = (
  before: Subscription,
  snapshot: SubscriptionSnapshot | null,
  planOfPrice: ReadonlyMap<string, PlanVersion>,
): snapshot is Extract<SubscriptionSnapshot, { kind: 'present' }> =>
  before.cancelAt !== null &&
  before.pendingChange === null &&
  snapshot?.kind === 'present' &&
  (snapshot.status === 'active' || snapshot.status === 'past_due') &&
  snapshot.status === before.status &&
  snapshot.cancelAt === null &&
  snapshot.scheduled === null &&
  snapshot.awaitingPayment === null &&
  planOfPrice.get(snapshot.priceId)?.id === before.planVersionId &&
  snapshot.quantity === before.quantity &&
  sameAddons(
    before.addons,
    snapshot.addons.map(({ priceId, quantity }) => ({
      planVersionId: planOfPrice.get(priceId)?.id ?? '',
      quantity,
    })),
  )

/**
 * Schedules a set-aside change at Stripe again. A change to a free plan is a cancellation there. Running it twice leaves one
 * schedule.
 *
 * @returns the pending change as it is known here.
 */
export async function returnChange(
  parts: Pick<ActivityParts, 'repositories' | 'stripe'>,
  { id, observedSeq, addons: held }: Subscription,
  {
    change,
    stripeSubscriptionId,
    at,
  }: {
    readonly change: SetAsideChange
    readonly stripeSubscriptionId: string
    readonly at: Date
  },
): Promise<PendingChange> {
  const { stripe, repositories } = parts
  const plan = await repositories.plans.getVersion(change.planVersionId)
  const target = { subscriptionId: id, stripeSubscriptionId, generation: observedSeq }
  if (isFree(plan)) await stripe.changeCancellation({ ...target, at: 'period_end' })
  else {
    const { quantity, addons } = change
    const send = (prices: PlannedPrices) =>
      stripe.schedulePlanChange({ ...target, ...prices, quantity })
    await withPlannedPrices(parts, plan, { send, at, addons, held })
  }
  return { kind: 'scheduled', ...change, paymentUrl: null }
}
