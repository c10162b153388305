import type { PlanKind } from './plan-kind.ts'
import type { Money } from '../money.ts'
import type { Period } from './period.ts'
import type { UsagePrice } from './usage-price.ts'

/** How a feature is counted; see `domain/catalogue/README.md`. */
export const FEATURE_TYPES = ['boolean', 'metered', 'allocated'] as const
/** `boolean` is on or off, `metered` is used up and resets, `allocated` is held and released (seats). */
export type FeatureType = (typeof FEATURE_TYPES)[number]

/** When the counter of a feature begins anew. */
export const RESETS = ['hour', 'day', 'week', 'month', 'period', 'never'] as const
/** When the used amount starts again from zero. `period` is the plan's billing period. */
export type Reset = (typeof RESETS)[number]

/** The fate of usage beyond the limit. */
export const OVERAGES = ['refuse', 'allow', 'bill'] as const
/** Usage beyond the limit is refused, allowed, or reported to Stripe's meter (`bill`). */
export type Overage = (typeof OVERAGES)[number]

/** A feature as one plan version includes it. */
export type PlanFeature = {
  readonly featureId: string
  readonly code: string
  /** For customers. */
  readonly name: string
  readonly type: FeatureType
  readonly unit: string | null
  /** Null is unlimited. */
  readonly quotaLimit: number | null
  readonly reset: Reset
  readonly overage: Overage
  /** How much unused quota at most moves to the next window; null for none. */
  readonly rolloverMax: number | null
  /** The limit and `rolloverMax` are those of one unit of the subscription's quantity. */
  readonly perQuantity: boolean
  /** The event name of its meter at Stripe, for `bill`. */
  readonly meter: string
  /** Of usage beyond the limit, in the version's currency; null for none, or for one that an operator made at Stripe. */
  readonly usagePrice: UsagePrice | null
}

/** A published version of a plan. Only the plan's name and rank in it can change. */
export type PlanVersion = {
  readonly id: string
  readonly planId: string
  readonly slug: string
  readonly name: string
  readonly productLine: string
  readonly rank: number
  readonly kind: PlanKind
  /** Of an add-on: see `PlanDefinition`. */
  readonly fits: readonly string[] | null
  readonly version: number
  readonly period: Period
  readonly price: Money
  readonly trialDays: number
  readonly stripePriceId: string | null
  /** Whether an operator offered this version to one user. */
  readonly isOffer: boolean
  /** When that offer ends; null for never, and for versions that are no offer. */
  readonly offerEndsAt: Date | null
  readonly features: readonly PlanFeature[]
}

/** A free plan never uses Stripe: its workflow renews it. */
export const isFree = (plan: PlanVersion): boolean => plan.price.amountMinor === 0

/** The highest limit of a quantity, as in the SQL function `usage_limit`. */
export const LIMIT_MAX = 10 ** 15

/** @returns the limit of a feature for a quantity; null is unlimited. */
export const limitFor = (
  { quotaLimit, perQuantity }: Pick<PlanFeature, 'quotaLimit' | 'perQuantity'>,
  quantity: number,
): number | null =>
  quotaLimit !== null && perQuantity ? Math.min(quotaLimit * quantity, LIMIT_MAX) : quotaLimit
