import { limitFor, LIMIT_MAX, type PlanFeature, type PlanVersion } from './plan.ts'

/** Units of a plan's version. */
export type Units = { readonly plan: PlanVersion; readonly quantity: number }

/** The price of units for one period, in minor units of their currency. */
export const priceOfUnits = (units: readonly Units[]): number =>
  units.reduce((sum, { plan, quantity }) => sum + plan.price.amountMinor * quantity, 0)

/**
 * The features of a base plan and add-ons together: limits add, and unlimited wins. The base plan says how a feature resets and
 * what happens beyond the limit; an add-on says so for a feature that the base plan lacks. If several add-ons have it, the one with
 * the first version id does.
 *
 * @returns the base version with the features of all. Their limits are those of the quantities, so none is `perQuantity`.
 * @see `migrations/functions/usage/usage_pooled_limit.sql`, which is the same rule in the database.
 */
export function pooledPlan(base: Units, addons: readonly Units[]): PlanVersion {
  if (addons.length === 0) return base.plan
  const all = [base, ...inOrder(addons)]
  const features = new Map<string, PlanFeature>()
  for (const { plan, quantity } of all)
    for (const feature of plan.features) {
      const own = forQuantity(feature, quantity)
      const held = features.get(feature.featureId)
      features.set(
        feature.featureId,
        held === undefined ? own : { ...held, quotaLimit: sumOf(held.quotaLimit, own.quotaLimit) },
      )
    }
  return { ...base.plan, features: [...features.values()] }
}

/**
 * The base version with the features that only add-ons bring, each with the terms of one unit: by these, windows open.
 *
 * @see `pooledPlan` for the limits
 */
export const withFeaturesOf = (plan: PlanVersion, addons: readonly Units[]): PlanVersion => {
  const features = new Map<string, PlanFeature>()
  for (const each of [plan, ...inOrder(addons).map((addon) => addon.plan)])
    for (const feature of each.features)
      if (!features.has(feature.featureId)) features.set(feature.featureId, feature)
  return { ...plan, features: [...features.values()] }
}

const inOrder = (addons: readonly Units[]): readonly Units[] =>
  addons.toSorted((a, b) => (a.plan.id < b.plan.id ? -1 : 1))

const forQuantity = (feature: PlanFeature, quantity: number): PlanFeature => ({
  ...feature,
  quotaLimit: limitFor(feature, quantity),
  perQuantity: false,
})

const sumOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : Math.min(a + b, LIMIT_MAX)
