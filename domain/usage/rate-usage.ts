import type { UsagePrice, UsageTier } from '../catalogue/usage-price.ts'
import { timesRounded } from '../decimal.ts'

/** One line of the invoice: units at one amount, or a tier's flat amount. */
export type RatedLine = {
  /** Units, or packages of a package price; 1 for a flat amount. */
  readonly quantity: number
  /** Of each unit or package, in the currency's minor unit; null for a flat amount. */
  readonly unitAmount: string | null
  /** The line's amount in the currency's minor unit. */
  readonly amountMinor: number
  /** Counted from 1; null for a price without tiers. */
  readonly tier: number | null
}

/** The lines of the invoice, and their sum in the currency's minor unit. */
export type RatedUsage = { readonly lines: readonly RatedLine[]; readonly totalMinor: number }

/**
 * Rates usage beyond the quota, exactly as Stripe invoices it: each line is rounded by itself, half up.
 *
 * @param quantity units beyond the quota in one period: a whole number, 0 or more
 * @see https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
 */
export function rateUsage(price: UsagePrice, quantity: number): RatedUsage {
  const lines = quantity === 0 ? [] : linesOf(price, quantity)
  return { lines, totalMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) }
}

function linesOf(price: UsagePrice, quantity: number): RatedLine[] {
  switch (price.model) {
    case 'per_unit':
      return [lineOf(quantity, price.unitAmount, null)]
    case 'package': {
      const begun = price.round === 'up' && quantity % price.packageSize > 0 ? 1 : 0
      const packages = Math.floor(quantity / price.packageSize) + begun
      return [lineOf(packages, price.unitAmount, null)]
    }
    case 'graduated':
      return reachedTiers(price.tiers, quantity).flatMap(({ tier, number, from }) =>
        linesOfTier(tier, number, Math.min(quantity, tier.upTo ?? quantity) - from),
      )
    case 'volume':
      return reachedTiers(price.tiers, quantity)
        .slice(-1)
        .flatMap(({ tier, number }) => linesOfTier(tier, number, quantity))
  }
}

/** The tiers that have units, with their number and the last unit before them. */
const reachedTiers = (tiers: readonly UsageTier[], quantity: number) =>
  tiers
    .map((tier, index) => ({ tier, number: index + 1, from: tiers[index - 1]?.upTo ?? 0 }))
    .filter(({ from }) => quantity > from)

function linesOfTier(tier: UsageTier, number: number, quantity: number): RatedLine[] {
  const { flatAmountMinor } = tier
  const flat = { quantity: 1, unitAmount: null, amountMinor: flatAmountMinor, tier: number }
  return [lineOf(quantity, tier.unitAmount, number), ...(flatAmountMinor === 0 ? [] : [flat])]
}

const lineOf = (quantity: number, unitAmount: string, tier: number | null): RatedLine => ({
  quantity,
  unitAmount,
  amountMinor: timesRounded(quantity, unitAmount),
  tier,
})
