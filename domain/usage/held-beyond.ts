import { limitFor, type PlanVersion } from '../catalogue/plan.ts'
import type { FeatureUsage } from './repository.ts'

/** A feature of which more is held, or reserved, than a change would allow. */
export type HeldBeyond = { readonly code: string; readonly used: number; readonly limit: number }

/**
 * Finds what is held (seats) beyond the limits of so many units of a plan. Only limits per quantity count, and only if the
 * change lowers them: a customer above their limit may still buy more.
 */
export const heldBeyond = (
  after: PlanVersion,
  quantity: number,
  present: readonly FeatureUsage[],
): HeldBeyond[] =>
  after.features.flatMap((feature) => {
    const limit = limitFor(feature, quantity)
    const counter = present.find((each) => each.feature.featureId === feature.featureId)?.counter
    if (feature.type !== 'allocated' || !feature.perQuantity || limit === null || !counter)
      return []
    const used = counter.usedAmount + counter.held
    const before = counter.quotaLimit
    const isLess = before === null || limit < before
    return isLess && used > limit ? [{ code: feature.code, used, limit }] : []
  })
