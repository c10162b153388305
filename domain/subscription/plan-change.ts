import { lengthOf } from '../catalogue/period.ts'
import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import { sameAddons, takesAway } from './addons.ts'
import type { AddonUnits, Subscription } from './subscription.ts'

/** When a plan change takes effect. */
export const CHANGE_TIMES = ['now', 'period_end'] as const
/** When a change of plan takes effect. */
export type ChangeTime = (typeof CHANGE_TIMES)[number]

/** How a change of plan is carried out. */
export type PlanChangeWay =
  /** Here alone: Stripe does not know the subscription. */
  | 'ours'
  /** At Stripe, now, for the price of the rest of the period. */
  | 'charged'
  /** By a schedule at Stripe, which takes effect even while this system is down. */
  | 'scheduled'
  /** Stripe's subscription is canceled, and ours continues without it. */
  | 'leaving_stripe'

/** Why a plan cannot change to another one. */
export type PlanChangeRefusal =
  | 'same_plan'
  | 'checkout_required'
  | 'other_product_line'
  | 'other_currency'
  /** The quantity of a free plan is always 1. */
  | 'free_has_no_quantity'

type Change = {
  readonly before: PlanVersion
  readonly after: PlanVersion
  /** At least 1; absent keeps the present one. */
  readonly quantity?: number | undefined
  /** The add-ons after the change; absent keeps the present ones. */
  readonly addons?: readonly AddonUnits[] | undefined
}

/**
 * Whether a change leads to less. Less of an add-on is less, whatever else the change brings. A plan of a lower rank is less. So is a change that costs less per month, unless the payment
 * for its longer period is larger; and, within a rank, a shorter period, which would credit most of what was paid for a longer one.
 */
export function isDowngrade(
  { quantity: own, addons: held }: Pick<Subscription, 'quantity' | 'addons'>,
  { before, after, quantity = own, addons = held }: Change,
): boolean {
  if (takesAway(held, addons)) return true
  const was = before.price.amountMinor * own
  const is = after.price.amountMinor * quantity
  const isLessAMonth = is * lengthOf(before.period) < was * lengthOf(after.period)
  if (after.rank < before.rank) return true
  if (isLessAMonth && (is < was || quantity < own)) return true
  return after.rank === before.rank && is < was
}

/** The default time: a downgrade takes effect at the end of the period that is already paid, all others now. */
export const usualTime = (
  subscription: Pick<Subscription, 'quantity' | 'addons'>,
  change: Change,
): ChangeTime => (isDowngrade(subscription, change) ? 'period_end' : 'now')

/**
 * Whether a change would credit a period whose quota may be used up. Only operators may do that. Nothing is paid during a
 * trial or for a free plan, so nothing is credited then.
 * @param when the requested time.
 */
export const creditsUsedPeriod = (
  subscription: Pick<Subscription, 'quantity' | 'addons' | 'status'>,
  change: Change,
  when: ChangeTime,
): boolean =>
  when === 'now' &&
  subscription.status !== 'trialing' &&
  !isFree(change.before) &&
  isDowngrade(subscription, change)

/** The time at which a change takes effect. In a trial that is always now, because no period is paid yet. */
export const effectiveTime = ({ status }: Subscription, when: ChangeTime): ChangeTime =>
  status === 'trialing' ? 'now' : when

/** @returns why the subscription cannot change to `quantity` of `after`, or null when it can. */
export function refusalOfChange(
  subscription: Pick<Subscription, 'stripeSubscriptionId' | 'quantity' | 'addons'>,
  { before, after, quantity, addons = subscription.addons }: Change,
): PlanChangeRefusal | null {
  if (before.productLine !== after.productLine) return 'other_product_line'
  const isSamePlan =
    before.id === after.id && (quantity ?? subscription.quantity) === subscription.quantity
  if (isSamePlan && sameAddons(addons, subscription.addons)) return 'same_plan'
  if (isFree(after) && quantity !== undefined && quantity > 1) return 'free_has_no_quantity'
  if (subscription.stripeSubscriptionId === null && !isFree(after)) return 'checkout_required'
  if (!isFree(before) && !isFree(after) && before.price.currency !== after.price.currency)
    return 'other_currency'
  return null
}

/** @param when the effective time: see `effectiveTime`. */
export function wayOfChange(
  { stripeSubscriptionId }: Subscription,
  after: PlanVersion,
  when: ChangeTime,
): PlanChangeWay {
  if (stripeSubscriptionId === null) return 'ours'
  if (isFree(after)) return 'leaving_stripe'
  return when === 'now' ? 'charged' : 'scheduled'
}

/**
 * The greatest age of a preview: long enough to read it and to agree. An older one would let a caller choose the cheapest
 * moment of the period.
 */
export const PREVIEW_LASTS_MS = 60 * 60_000

/** @param prorationDate the instant of the preview, for which the charge was calculated. */
export const isPreviewFresh = (prorationDate: Date, at: Date): boolean =>
  prorationDate <= at && at.getTime() - prorationDate.getTime() <= PREVIEW_LASTS_MS
