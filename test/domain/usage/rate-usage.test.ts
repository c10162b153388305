import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UsagePrice, UsageTier } from '../../../domain/catalogue/usage-price.ts'
import { rateUsage } from '../../../domain/usage/rate-usage.ts'
import { newPrice } from '../../../packages/stripe-simulator/objects/price.ts'
import { chargesOf } from '../../../packages/stripe-simulator/billing/rating.ts'

const tiers: readonly UsageTier[] = [
  { upTo: 100, unitAmount: '5', flatAmountMinor: 0 },
  { upTo: 1_000, unitAmount: '2.5', flatAmountMinor: 300 },
  { upTo: null, unitAmount: '0.000000000001', flatAmountMinor: 0 },
]

describe('usage beyond the quota', () => {
  test.each([
    [{ model: 'per_unit', unitAmount: '0.05' }, 30, 2],
    [{ model: 'per_unit', unitAmount: '0.05' }, 29, 1],
    [{ model: 'package', unitAmount: '100', packageSize: 10, round: 'up' }, 21, 300],
    [{ model: 'package', unitAmount: '100', packageSize: 10, round: 'up' }, 20, 200],
    [{ model: 'package', unitAmount: '100', packageSize: 10, round: 'down' }, 29, 200],
    [{ model: 'graduated', tiers }, 100, 500],
    [{ model: 'graduated', tiers }, 101, 500 + 3 + 300],
    [{ model: 'graduated', tiers }, 1_001, 500 + 2_250 + 300],
    [{ model: 'volume', tiers }, 100, 500],
    [{ model: 'volume', tiers }, 101, 253 + 300],
    [{ model: 'volume', tiers }, 1_000_000_000_000, 1],
    [{ model: 'graduated', tiers }, 0, 0],
  ] satisfies [UsagePrice, number, number][])('%j × %i costs %i', (price, quantity, total) => {
    expect(rateUsage(price, quantity).totalMinor).toBe(total)
  })

  test('at a cent in two lines is rounded in each line', () => {
    const half = { unitAmount: '0.5', flatAmountMinor: 0 }
    const price = {
      model: 'graduated',
      tiers: [
        { ...half, upTo: 1 },
        { ...half, upTo: null },
      ],
    } as const
    expect(rateUsage(price, 2)).toEqual({
      lines: [
        { quantity: 1, unitAmount: '0.5', amountMinor: 1, tier: 1 },
        { quantity: 1, unitAmount: '0.5', amountMinor: 1, tier: 2 },
      ],
      totalMinor: 2,
    })
  })
})

const amount = fc
  .tuple(fc.nat(999), fc.nat(999_999_999_999), fc.nat(12))
  .map(([whole, fraction, digits]) => {
    const shown = String(fraction).padStart(12, '0').slice(0, digits)
    return shown === '' ? String(whole) : `${whole}.${shown}`
  })
const someTiers = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 500 }), amount, fc.nat(1_000)), {
    minLength: 1,
    maxLength: 6,
  })
  .map((made): UsageTier[] => {
    let below = 0
    return made.map(([width, unitAmount, flat], index) => {
      below += width
      const upTo = index === made.length - 1 ? null : below
      return { upTo, unitAmount, flatAmountMinor: index === 0 ? 0 : flat }
    })
  })
const somePrice: fc.Arbitrary<UsagePrice> = fc.oneof(
  amount.map((unitAmount) => ({ model: 'per_unit' as const, unitAmount })),
  fc.record({
    model: fc.constant('package' as const),
    unitAmount: amount,
    packageSize: fc.integer({ min: 1, max: 1_000 }),
    round: fc.constantFrom('up' as const, 'down' as const),
  }),
  fc.record({ model: fc.constantFrom('graduated' as const, 'volume' as const), tiers: someTiers }),
)

/** A number of trillionths. */
const exact = (decimal: string) => {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(`${whole}${fraction.padEnd(12, '0')}`)
}

/** Counts unit by unit, without the rule under test. */
function naive(price: UsagePrice, quantity: number): number {
  const rounded = (trillionths: bigint) =>
    Number(trillionths / 10n ** 12n) + (trillionths % 10n ** 12n >= 5n * 10n ** 11n ? 1 : 0)
  if (quantity === 0) return 0
  if (price.model === 'per_unit') return rounded(exact(price.unitAmount) * BigInt(quantity))
  if (price.model === 'package') {
    let packages = 0
    for (let left = quantity; left > 0; left -= price.packageSize)
      packages += left >= price.packageSize || price.round === 'up' ? 1 : 0
    return rounded(exact(price.unitAmount) * BigInt(packages))
  }
  const tierOf = (unit: number) =>
    price.tiers.findIndex(({ upTo }) => upTo === null || unit <= upTo)
  const units = Array.from({ length: quantity }, (_, index) =>
    tierOf(price.model === 'volume' ? quantity : index + 1),
  )
  return [...new Set(units)].reduce((total, index) => {
    const { unitAmount = '0', flatAmountMinor = 0 } = price.tiers[index] ?? {}
    const inTier = BigInt(units.filter((each) => each === index).length)
    return total + rounded(exact(unitAmount) * inTier) + flatAmountMinor
  }, 0)
}

/** The charge of the Stripe simulator for the same price. */
function atStripe(price: UsagePrice, quantity: number): number {
  const tiered = 'tiers' in price
  const made = newPrice({
    created: 0,
    currency: 'usd',
    product: 'prod_1',
    billing_scheme: tiered ? 'tiered' : 'per_unit',
    tiers_mode: 'tiers' in price ? price.model : null,
    unit_amount_decimal: 'tiers' in price ? null : price.unitAmount,
    transform_quantity:
      price.model === 'package' ? { divide_by: price.packageSize, round: price.round } : null,
  })
  const rows = ('tiers' in price ? price.tiers : []).map(
    ({ upTo, unitAmount, flatAmountMinor }) => ({
      flat_amount: flatAmountMinor,
      flat_amount_decimal: String(flatAmountMinor),
      unit_amount: null,
      unit_amount_decimal: unitAmount,
      up_to: upTo,
    }),
  )
  return chargesOf(made, rows, quantity).reduce((sum, each) => sum + each.amount, 0)
}

test('costs what Stripe charges, and what counting unit by unit gives, for any price and amount', () => {
  fc.assert(
    fc.property(somePrice, fc.nat(3_000), (price, quantity) => {
      const { totalMinor } = rateUsage(price, quantity)
      expect(totalMinor).toBe(naive(price, quantity))
      expect(totalMinor).toBe(atStripe(price, quantity))
    }),
    { numRuns: 500 },
  )
})
