import { lengthOf, type Period } from '../../domain/catalogue/period.ts'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'

/** The plans of one period in one currency, and the choices of both. */
export type ShownPlans = {
  readonly plans: readonly PlanVersion[]
  /** Those of the same period and currency, which can be added to a plan. */
  readonly addons: readonly PlanVersion[]
  /** Shortest first. */
  readonly periods: readonly Period[]
  readonly period: Period | undefined
  readonly currencies: readonly string[]
  readonly currency: string | undefined
}

type Wanted = { readonly period: string | undefined; readonly currency: string | undefined }

/** A period in an address: `3 months` is `3-months`. */
export const nameInAddress = (period: Period): string => period.replace(' ', '-')

/**
 * Chooses the plans of the wanted period and currency. Free plans are shown for each period, and a plan that is not sold in the
 * currency in its first one.
 *
 * @param onSale by rank; several versions of a plan are in several currencies, its first one first.
 */
export function shownPlans(
  onSale: readonly PlanVersion[],
  wanted: Wanted,
  addons: readonly PlanVersion[],
): ShownPlans {
  const currencies = [...new Set(onSale.map(({ price }) => price.currency))]
  const currency = currencies.find((each) => each === wanted.currency) ?? currencies[0]
  const inCurrency = onSale.filter(
    ({ planId, price }, index) =>
      price.currency === currency ||
      (onSale.findIndex((each) => each.planId === planId) === index &&
        !onSale.some((each) => each.planId === planId && each.price.currency === currency)),
  )
  const paid = inCurrency.filter((plan) => !isFree(plan))
  const periods = [...new Set(paid.map((plan) => plan.period))].toSorted(
    (one, other) => lengthOf(one) - lengthOf(other),
  )
  const period = periods.find((each) => nameInAddress(each) === wanted.period) ?? periods[0]
  const plans = inCurrency.filter((plan) => isFree(plan) || plan.period === period)
  return {
    plans,
    addons: addons.filter((each) => each.period === period && each.price.currency === currency),
    periods,
    period,
    currencies,
    currency,
  }
}
