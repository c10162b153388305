import { limitFor } from '../catalogue/plan.ts'
import { pooledPlan, type Units } from '../catalogue/pooled-plan.ts'
import type { FeatureUsage } from './repository.ts'

/** A feature of which more is held, or reserved, than a change would allow. */
export type HeldBeyond = { readonly code: string; readonly used: number; readonly limit: number }

/** The plan and add-ons after a change, and the add-ons before it. */
type Change = {
  readonly base: Units
  readonly addons: readonly Units[]
  readonly addonsBefore: readonly Units[]
}

/**
 * Finds what is held (seats) beyond the limits after a change. Limits per quantity count, and those that add-ons raise, and only if
 * the change lowers them: a customer above their limit may still buy more.
 */
export function heldBeyond(
  { base, addons, addonsBefore }: Change,
  present: readonly FeatureUsage[],
): HeldBeyond[] {
  const raised = new Set(
    [...addons, ...addonsBefore].flatMap(({ plan }) => plan.features.map((each) => each.featureId)),
  )
  const perQuantity = new Set(
    base.plan.features.flatMap((each) => (each.perQuantity ? [each.featureId] : [])),
  )
  const after = pooledPlan(base, addons).features
  return present.flatMap(({ feature: { featureId, type, code }, counter }) => {
    if (type !== 'allocated' || counter === null) return []
    if (!perQuantity.has(featureId) && !raised.has(featureId)) return []
    const found = after.find((each) => each.featureId === featureId)
    const limit = found === undefined ? 0 : limitFor(found, base.quantity)
    const { usedAmount, held, quotaLimit: before } = counter
    const used = usedAmount + held
    if (limit === null || (before !== null && limit >= before)) return []
    return used > limit ? [{ code, used, limit }] : []
  })
}
