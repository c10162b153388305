import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import type { Subscription } from './subscription.ts'

export const CHANGE_TIMES = ['now', 'period_end'] as const
/** When a change of plan takes effect. */
export type ChangeTime = (typeof CHANGE_TIMES)[number]

/** How a change of plan is carried out. */
export type PlanChangeWay =
  /** Stripe does not know the subscription, and need not. */
  | 'ours'
  /** At Stripe, for the price of what is left of the period. */
  | 'charged'
  /** By a schedule at Stripe, which takes effect even while we are away. */
  | 'scheduled'
  /** Stripe's subscription ends, and ours goes on without it. */
  | 'leaving_stripe'

export type PlanChangeRefusal =
  | 'same_plan'
  | 'checkout_required'
  | 'other_product_line'
  | 'other_currency'
  /** A free plan is had once. */
  | 'free_has_no_quantity'

/** Upgrades take effect at once and downgrades at the end of the period that is paid already, unless one says otherwise. */
export const usualTime = (before: PlanVersion, after: PlanVersion): ChangeTime =>
  after.rank >= before.rank ? 'now' : 'period_end'

/**
 * When a change takes effect, given what was asked: in a trial nothing is paid yet that one could wait for the end of.
 */
export const effectiveTime = ({ status }: Subscription, when: ChangeTime): ChangeTime =>
  status === 'trialing' ? 'now' : when

type Target = {
  readonly before: PlanVersion
  readonly after: PlanVersion
  readonly quantity?: number | undefined
}

/** Why one cannot change from `before` to so many of `after`, or null when one can. */
export function refusalOfChange(
  subscription: Pick<Subscription, 'stripeSubscriptionId' | 'quantity'>,
  { before, after, quantity }: Target,
): PlanChangeRefusal | null {
  if (before.productLine !== after.productLine) return 'other_product_line'
  if (before.id === after.id && (quantity ?? subscription.quantity) === subscription.quantity)
    return 'same_plan'
  if (isFree(after) && quantity !== undefined && quantity > 1) return 'free_has_no_quantity'
  if (subscription.stripeSubscriptionId === null && !isFree(after)) return 'checkout_required'
  if (!isFree(before) && !isFree(after) && before.price.currency !== after.price.currency)
    return 'other_currency'
  return null
}

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
 * How old the instant may be as of which a change is reckoned: long enough to read a preview and agree to it. An older
 * one would let a caller choose the cheapest moment of the period.
 */
export const PREVIEW_LASTS_MS = 60 * 60_000

export const isPreviewFresh = (prorationDate: Date, at: Date): boolean =>
  prorationDate <= at && at.getTime() - prorationDate.getTime() <= PREVIEW_LASTS_MS
