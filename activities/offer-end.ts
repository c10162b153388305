import { priceOfPlan } from '../adapters/stripe/commands/price-of-plan.ts'
import type { Interval } from '../domain/calendar.ts'
import { misfitOf } from '../domain/catalogue/addon.ts'
import { spanOf } from '../domain/catalogue/period.ts'
import { isFree, type PlanVersion } from '../domain/catalogue/plan.ts'
import type { StripeSnapshot } from '../domain/stripe/snapshot.ts'
import { endsInPeriod, outlivesOffer } from '../domain/subscription/offer.ts'
import { readAddons, sameAddons } from '../domain/subscription/addons.ts'
import { isInPeriod, type Subscription } from '../domain/subscription/subscription.ts'
import type { ActivityParts } from './parts.ts'
import { askStripe } from './stripe-failure.ts'

type OfferParts = Pick<ActivityParts, 'repositories' | 'stripe'>

type Observed = {
  readonly before: Subscription
  readonly snapshot: StripeSnapshot
  /** The plan that the snapshot names. */
  readonly plan: PlanVersion
}

/**
 * Schedules the change to the version on sale, if the snapshot would be renewed for the price of an offer that ends before.
 * Whatever removed an earlier change (a withdrawal, a cancellation, Stripe's portal), the same step restores it.
 * @returns whether it did; then the snapshot is out of date
 */
export async function restoreOfferEnd(
  parts: OfferParts,
  { before, snapshot: { subscription }, plan }: Observed,
): Promise<boolean> {
  if (subscription?.kind !== 'present' || !outlivesOffer(subscription, plan)) return false
  const { plans } = parts.repositories
  const { stripe } = parts
  const next = await versionAfter(parts, plan)
  // The daily round reports an offer without a plan to follow it.
  if (next === undefined) return false
  // Stripe would refuse the schedule, and with it this step; the daily round reports it.
  const addons = await readAddons(plans, before.addons)
  if (addons.some((each) => misfitOf(each.plan, next) !== null)) return false
  await askStripe(async () =>
    stripe.schedulePlanChange({
      subscriptionId: before.id,
      stripeSubscriptionId: subscription.id,
      generation: before.observedSeq,
      priceId: await priceOfPlan({ plans, stripe }, next),
      overage: await stripe.ensureOveragePrices(next),
      span: spanOf(next.period),
      quantity: subscription.quantity,
      addons: null,
    }),
  )
  return true
}

/** Whether the pending change is the one at the end of an offer, which nobody can withdraw. */
export async function isOfferEnd(
  parts: Pick<OfferParts, 'repositories'>,
  own: Subscription,
): Promise<boolean> {
  const { planVersionId, pendingChange } = own
  if (pendingChange?.kind !== 'scheduled' || !isInPeriod(own)) return false
  const plan = await parts.repositories.plans.getVersion(planVersionId)
  if (!endsInPeriod(plan, own.period.end)) return false
  // Fewer units or add-ons may be withdrawn: the same step restores the end of the offer alone.
  const isAlone =
    pendingChange.quantity === own.quantity && sameAddons(pendingChange.addons, own.addons)
  return isAlone && (await versionAfter(parts, plan))?.id === pendingChange.planVersionId
}

/** The version from the next period on, if the plan stays: an offer that ends is not renewed. */
export const versionOfNextPeriod = async (
  parts: Pick<OfferParts, 'repositories'>,
  plan: PlanVersion,
  { end }: Interval,
): Promise<PlanVersion> =>
  endsInPeriod(plan, end) ? ((await versionAfter(parts, plan)) ?? plan) : plan

/** The version on sale that follows an offer; undefined if none is sold in its currency. */
async function versionAfter(
  { repositories: { plans } }: Pick<OfferParts, 'repositories'>,
  { slug, price: { currency } }: PlanVersion,
): Promise<PlanVersion | undefined> {
  const next = await plans.findActive(slug, currency)
  return next?.price.currency === currency && !isFree(next) ? next : undefined
}
