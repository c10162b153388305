import { hasAccess } from './access.ts'
import { viewOfPeriod } from '../catalogue/period.ts'
import type { Units } from '../catalogue/pooled-plan.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { isoOrNever } from '../usage/quota-window.ts'
import type { PlanRepository } from '../catalogue/plan-repository.ts'
import { isMovedRest } from './pause.ts'
import { readAddons } from './addons.ts'
import type { Subscription } from './subscription.ts'

/** A subscription in JSON, as the API and webhooks return it. `subscriptionSchema` of the API describes each field. */
export async function viewOfSubscription(
  subscription: Subscription,
  plans: PlanRepository,
  now: Date,
) {
  const plan = await plans.getVersion(subscription.planVersionId)
  const { currency } = plan.price
  const offered = await plans.findActive(plan.planId, currency)
  const onSale = offered?.price.currency === currency ? offered : undefined
  const { pendingChange } = subscription
  const pendingPlan = pendingChange && (await plans.getVersion(pendingChange.planVersionId))
  const addons = await readAddons(plans, subscription.addons)
  const pendingAddons = await readAddons(plans, pendingChange?.addons ?? [])
  return bodyOf(subscription, { plan, addons, onSale, pendingPlan, pendingAddons, now })
}

type Beside = {
  readonly plan: PlanVersion
  /** In the order of the subscription's. */
  readonly addons: readonly Units[]
  readonly onSale: PlanVersion | undefined
  readonly pendingPlan: PlanVersion | null
  readonly pendingAddons: readonly Units[]
  readonly now: Date
}

const bodyOf = (
  subscription: Subscription,
  { plan, addons, onSale, pendingPlan, pendingAddons, now }: Beside,
) => ({
  id: subscription.id,
  user_id: subscription.userId,
  status: subscription.status,
  plan: {
    slug: plan.slug,
    name: plan.name,
    version: plan.version,
    version_on_sale: onSale?.version ?? null,
    period: viewOfPeriod(plan.period),
    price: { amount_minor: plan.price.amountMinor, currency: plan.price.currency },
  },
  quantity: subscription.quantity,
  items: itemsOf(subscription, plan, addons),
  discount: subscription.discount && {
    coupon: subscription.discount.couponId,
    promotion_code: subscription.discount.promotionCode,
    percent_off: subscription.discount.percentOff,
    amount_off_minor: subscription.discount.amountOffMinor,
    currency: subscription.discount.currency,
    ends_at: subscription.discount.endsAt?.toISOString() ?? null,
  },
  period: subscription.period && {
    start: subscription.period.start.toISOString(),
    end: subscription.period.end.toISOString(),
  },
  trial_end: isMovedRest(subscription) ? null : (subscription.trialEnd?.toISOString() ?? null),
  cancel_at: subscription.cancelAt?.toISOString() ?? null,
  pending_change: subscription.pendingChange &&
    pendingPlan && {
      kind: subscription.pendingChange.kind,
      plan: pendingPlan.slug,
      version: pendingPlan.version,
      quantity: subscription.pendingChange.quantity,
      addons: pendingAddons.map(unitsOf),
      at: subscription.pendingChange.at.toISOString(),
      payment_url: subscription.pendingChange.paymentUrl,
    },
  paused_at: subscription.pausedAt?.toISOString() ?? null,
  resumes_at: subscription.resumesAt?.toISOString() ?? null,
  ended_at: subscription.endedAt?.toISOString() ?? null,
  has_access: hasAccess(subscription.accessUntil, now),
  access_until: endOfAccess(subscription.accessUntil),
  payment_processing: subscription.paymentProcessing !== null,
  collection_pause: subscription.collectionPause && {
    behavior: subscription.collectionPause.behavior,
    resumes_at: subscription.collectionPause.resumesAt?.toISOString() ?? null,
    paid_until: subscription.collectionPause.paidUntil.toISOString(),
  },
  checkout: checkoutOf(subscription),
  created_at: subscription.createdAt.toISOString(),
  updated_at: subscription.updatedAt.toISOString(),
})

/** An add-on's version with its units. */
const unitsOf = ({ plan, quantity }: Units) => ({
  plan_id: plan.slug,
  version: plan.version,
  quantity,
})

/** The plan, its add-ons, and items that were added at Stripe. */
const itemsOf = (
  { quantity, stripeItemId, addons: held, foreignItems }: Subscription,
  plan: PlanVersion,
  addons: readonly Units[],
) => [
  {
    kind: 'plan' as const,
    plan_id: plan.slug,
    version: plan.version,
    quantity,
    stripe_item_id: stripeItemId,
  },
  ...addons.map((addon, index) => ({
    kind: 'addon' as const,
    ...unitsOf(addon),
    name: addon.plan.name,
    price: { amount_minor: addon.plan.price.amountMinor, currency: addon.plan.price.currency },
    stripe_item_id: held[index]?.stripeItemId ?? null,
  })),
  ...foreignItems.map((item) => ({
    kind: 'foreign' as const,
    stripe_item_id: item.stripeItemId,
    stripe_price_id: item.stripePriceId,
    product_name: item.productName,
    quantity: item.quantity,
    unit_amount_minor: item.unitAmountMinor,
    currency: item.currency,
  })),
]

const endOfAccess = (until: Date | null): string | null =>
  until === null ? null : isoOrNever(until)

/** The open page. One that was submitted cannot be paid again. */
const checkoutOf = ({ checkout, paymentProcessing }: Subscription) =>
  checkout === null || paymentProcessing === 'first'
    ? null
    : { url: checkout.url, expires_at: checkout.expiresAt.toISOString() }
