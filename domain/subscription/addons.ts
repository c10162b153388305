import type { PlanRepository } from '../catalogue/plan-repository.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { pooledPlan, priceOfUnits, withFeaturesOf, type Units } from '../catalogue/pooled-plan.ts'
import type { AddonUnits, Subscription } from './subscription.ts'

/** Whether two lists have the same units of the same versions, in whatever order. */
export const sameAddons = (a: readonly AddonUnits[], b: readonly AddonUnits[]): boolean =>
  JSON.stringify(unitsOf(a)) === JSON.stringify(unitsOf(b))

const unitsOf = (addons: readonly AddonUnits[]): readonly (readonly [string, number])[] => {
  const sums = new Map<string, number>()
  for (const { planVersionId: id, quantity } of addons) sums.set(id, (sums.get(id) ?? 0) + quantity)
  return [...sums].toSorted(([x], [y]) => (x < y ? -1 : 1))
}

/** Whether `after` has less of an add-on than `before`. */
export const takesAway = (before: readonly AddonUnits[], after: readonly AddonUnits[]): boolean => {
  const left = new Map(unitsOf(after))
  return unitsOf(before).some(([id, quantity]) => (left.get(id) ?? 0) < quantity)
}

/** Whether `after` has more of an add-on than `before`. */
export const addsTo = (before: readonly AddonUnits[], after: readonly AddonUnits[]): boolean =>
  takesAway(after, before)

/** The versions of add-ons with their units. */
export const readAddons = (
  plans: Pick<PlanRepository, 'getVersion'>,
  addons: readonly AddonUnits[],
): Promise<Units[]> =>
  Promise.all(
    addons.map(async ({ planVersionId, quantity }) => ({
      plan: await plans.getVersion(planVersionId),
      quantity,
    })),
  )

/**
 * A subscription's plan with the features of its add-ons: see `pooledPlan`. Limits say what is open at Stripe now; `usage_pooled_limit`
 * also knows trials and scheduled reductions.
 */
export const pooledPlanOf = async (
  plans: Pick<PlanRepository, 'getVersion'>,
  { quantity, addons }: Pick<Subscription, 'quantity' | 'addons'>,
  plan: PlanVersion,
): Promise<PlanVersion> => pooledPlan({ plan, quantity }, await readAddons(plans, addons))

/** A subscription's plan with the features of its add-ons, each with the terms of one unit: by these, windows open. */
export const featuresForWindows = async (
  plans: Pick<PlanRepository, 'getVersion'>,
  { addons }: Pick<Subscription, 'addons'>,
  plan: PlanVersion,
): Promise<PlanVersion> =>
  addons.length === 0 ? plan : withFeaturesOf(plan, await readAddons(plans, addons))

/** The price of add-ons for one period, in minor units. */
export const priceOfAddons = async (
  plans: Pick<PlanRepository, 'getVersion'>,
  addons: readonly AddonUnits[],
): Promise<number> => priceOfUnits(await readAddons(plans, addons))
