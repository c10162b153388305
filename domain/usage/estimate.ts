import type { PlanFeature, PlanVersion } from '../catalogue/plan.ts'
import { rateUsage, type RatedUsage } from './rate-usage.ts'
import type { FeatureUsage } from './repository.ts'

/** The cost of one feature's usage beyond its quota in the open period, before discounts and taxes. */
export type FeatureEstimate = {
  readonly code: string
  /** Units beyond the quota so far. */
  readonly quantity: number
  readonly soFar: RatedUsage
  /** Units beyond the quota at the end of the period, if usage continues at the rate of the period until now. */
  readonly projectedQuantity: number
  readonly projectedMinor: number
}

/** The cost of all features' usage beyond their quotas in the open period, before discounts and taxes. */
export type UsageEstimate = {
  readonly features: readonly FeatureEstimate[]
  /** In the minor unit of the plan's currency. */
  readonly totalMinor: number
  readonly projectedMinor: number
}

type Period = { readonly start: Date; readonly end: Date }

type Given = {
  readonly plan: PlanVersion
  readonly period: Period
  /** The billed units of each feature in the period, by its id. */
  readonly billed: ReadonlyMap<string, number>
  readonly usage: readonly FeatureUsage[]
  readonly at: Date
}

/** @returns the cost of the open period's usage, tier by tier as the invoice will have it; null for a plan without usage prices */
export function estimateUsage({ plan, period, billed, usage, at }: Given): UsageEstimate | null {
  const features = plan.features.flatMap((feature): FeatureEstimate[] => {
    const { usagePrice, featureId, code } = feature
    if (usagePrice === null) return []
    const quantity = Math.max(billed.get(featureId) ?? 0, 0)
    const counter = usage.find((each) => each.feature.code === code)?.counter ?? null
    const projectedQuantity = quantityAtEnd(feature, { quantity, counter, period, at })
    return [
      {
        code,
        quantity,
        soFar: rateUsage(usagePrice, quantity),
        projectedQuantity,
        projectedMinor: rateUsage(usagePrice, projectedQuantity).totalMinor,
      },
    ]
  })
  if (features.length === 0) return null
  return {
    features,
    totalMinor: features.reduce((sum, { soFar }) => sum + soFar.totalMinor, 0),
    projectedMinor: features.reduce((sum, each) => sum + each.projectedMinor, 0),
  }
}

type Rate = Pick<FeatureUsage, 'counter'> & {
  readonly quantity: number
  readonly period: Period
  readonly at: Date
}

/** A rate is measured over at least this long: a burst in the first minute says nothing about a month. */
const RATE_MIN_MS = 86_400_000

/**
 * Usage continues at its rate since the period began. With a quota for the whole period, what is left of it is free; a quota
 * that resets sooner is used up in the same proportion.
 */
function quantityAtEnd({ reset }: PlanFeature, { quantity, counter, period, at }: Rate): number {
  const length = period.end.getTime() - period.start.getTime()
  const elapsed = Math.min(Math.max(at.getTime() - period.start.getTime(), 0), length)
  const rest = (length - elapsed) / Math.max(elapsed, Math.min(RATE_MIN_MS, length))
  if (reset !== 'period' || counter === null) return quantity + Math.round(quantity * rest)
  const stillFree = counter.overage > 0 ? 0 : (counter.remaining ?? 0)
  return quantity + Math.max(Math.round(counter.usedAmount * rest) - stillFree, 0)
}
