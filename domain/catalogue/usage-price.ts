import { canonicalDecimal } from '../decimal.ts'

/** How usage beyond the quota is charged. */
export const USAGE_MODELS = ['per_unit', 'package', 'graduated', 'volume'] as const

/** A tier of a graduated or volume price. It begins after the tier before it. */
export type UsageTier = {
  /** The last unit of the tier, counted from the first beyond the quota; null in the last tier, which is open. */
  readonly upTo: number | null
  /** Of each unit, in the currency's minor unit: a decimal with at most twelve decimals. */
  readonly unitAmount: string
  /** Added once when the tier is reached, in the currency's minor unit. */
  readonly flatAmountMinor: number
}

/**
 * The price of usage beyond the quota, which is free. `graduated` charges each unit at its own tier, `volume` all units at the
 * tier of the last one.
 *
 * @see https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
 */
export type UsagePrice =
  | { readonly model: 'per_unit'; readonly unitAmount: string }
  | {
      readonly model: 'package'
      /** Of each package. */
      readonly unitAmount: string
      /** In units. */
      readonly packageSize: number
      /** Whether a package that was begun is charged. */
      readonly round: 'up' | 'down'
    }
  | { readonly model: 'graduated' | 'volume'; readonly tiers: readonly UsageTier[] }

/** @returns the price with the shortest spelling of its amounts, so that equal prices are written alike. */
export function canonicalUsagePrice(price: UsagePrice): UsagePrice {
  switch (price.model) {
    case 'per_unit':
      return { model: price.model, unitAmount: canonicalDecimal(price.unitAmount) }
    case 'package':
      return {
        model: price.model,
        unitAmount: canonicalDecimal(price.unitAmount),
        packageSize: price.packageSize,
        round: price.round,
      }
    case 'graduated':
    case 'volume':
      return {
        model: price.model,
        tiers: price.tiers.map(({ upTo, unitAmount, flatAmountMinor }) => ({
          upTo,
          unitAmount: canonicalDecimal(unitAmount),
          flatAmountMinor,
        })),
      }
  }
}
