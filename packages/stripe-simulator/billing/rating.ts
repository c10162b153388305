import type { Price, Tier } from '../store/stored.ts'

/** Units at one unit price, with the amount of their invoice line. */
export type Charge = {
  readonly quantity: number
  /** In the currency's minor unit: each line is rounded by itself, half up. */
  readonly amount: number
  /** Null for a flat fee. */
  readonly unitAmountDecimal: string | null
  /** Counted from 1; null for a price without tiers. */
  readonly tier: number | null
}

/** Decimals of an amount at Stripe. @see https://docs.stripe.com/api/prices/create */
const DECIMALS = 12
const ONE = 10n ** BigInt(DECIMALS)

/**
 * The lines that a price makes of a period's usage: one for each tier of a graduated price, and one for each flat fee. The
 * first tier's flat fee is charged without usage as well.
 *
 * @param tiers of a price with tiers, in their order; the last is open
 * @param usage whole units, 0 or more
 * @see https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
 * @see https://docs.stripe.com/billing/subscriptions/decimal-amounts
 */
export function chargesOf(price: Price, tiers: readonly Tier[], usage: number): Charge[] {
  if (price.billing_scheme === 'tiered') return tieredCharges(price, tiers, usage)
  const quantity = transformed(price, usage)
  return [chargeOf(quantity, price.unit_amount_decimal ?? '0', null)]
}

/** @returns the packages of a price that is charged for packages of units */
function transformed({ transform_quantity: packages }: Price, usage: number): number {
  if (packages === null) return usage
  const whole = Math.floor(usage / packages.divide_by)
  return packages.round === 'up' && whole * packages.divide_by < usage ? whole + 1 : whole
}

function tieredCharges(
  { tiers_mode: mode }: Price,
  tiers: readonly Tier[],
  usage: number,
): Charge[] {
  const all = tiers.map((tier, index) => ({
    ...tier,
    number: index + 1,
    from: index === 0 ? 0 : (tiers[index - 1]?.up_to ?? Infinity),
    to: tier.up_to ?? Infinity,
  }))
  const reached = all.filter(({ from }) => from === 0 || usage > from)
  const charged =
    mode === 'volume'
      ? reached.slice(-1).map((tier) => ({ tier, quantity: usage }))
      : reached.map((tier) => ({ tier, quantity: Math.min(usage, tier.to) - tier.from }))
  return charged.flatMap(({ tier, quantity }) => [
    chargeOf(quantity, tier.unit_amount_decimal ?? '0', tier.number),
    ...(flatOf(tier) === 0n ? [] : [flatCharge(flatOf(tier), tier.number)]),
  ])
}

const flatOf = (tier: Tier): bigint => scaled(tier.flat_amount_decimal ?? '0')

const chargeOf = (quantity: number, unit: string, tier: number | null): Charge => ({
  quantity,
  amount: rounded(BigInt(quantity) * scaled(unit)),
  unitAmountDecimal: unit,
  tier,
})

const flatCharge = (amount: bigint, tier: number): Charge => ({
  quantity: 1,
  amount: rounded(amount),
  unitAmountDecimal: null,
  tier,
})

function scaled(written: string): bigint {
  const [whole = '0', fraction = ''] = written.split('.')
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'))
}

const rounded = (amount: bigint): number => Number((amount + ONE / 2n) / ONE)
