import { describe, expect, test } from 'vitest'
import type { FeatureType, Overage } from '../../../domain/catalogue/plan.ts'
import { problemsOfUsagePrice } from '../../../domain/catalogue/usage-price-problems.ts'
import {
  canonicalUsagePrice,
  type UsagePrice,
  type UsageTier,
} from '../../../domain/catalogue/usage-price.ts'

type Given = { readonly type?: FeatureType; readonly overage?: Overage }

const problems = (price: UsagePrice, { type = 'metered', overage = 'bill' }: Given = {}) =>
  problemsOfUsagePrice('calls', price, { type, overage }).map(({ field }) => field)

const open = { upTo: null, unitAmount: '1', flatAmountMinor: 0 }
const graduated = (...tiers: UsageTier[]): UsagePrice => ({ model: 'graduated', tiers })
const perUnit = (unitAmount: string): UsagePrice => ({ model: 'per_unit', unitAmount })

describe('a usage price', () => {
  test.each([
    ['without tiers', graduated(), ['usage_prices.calls.tiers']],
    [
      'with a closed last tier',
      graduated({ ...open, upTo: 5 }),
      ['usage_prices.calls.tiers.0.up_to'],
    ],
    [
      'with an open tier before the last',
      graduated(open, open),
      ['usage_prices.calls.tiers.0.up_to'],
    ],
    [
      'with tiers that overlap',
      graduated({ ...open, upTo: 5 }, { ...open, upTo: 5 }, open),
      ['usage_prices.calls.tiers.1.up_to'],
    ],
    [
      'with a flat amount that is charged without usage',
      graduated({ ...open, flatAmountMinor: 100 }),
      ['usage_prices.calls.tiers.0.flat_amount_minor'],
    ],
    [
      'with thirteen decimals',
      perUnit('0.1234567890123'),
      ['usage_prices.calls.unit_amount_decimal'],
    ],
    ['with a sign', perUnit('-1'), ['usage_prices.calls.unit_amount_decimal']],
    ['with an exponent', perUnit('1e3'), ['usage_prices.calls.unit_amount_decimal']],
  ])('%s is refused, and names the field', (_name, price, fields) => {
    expect(problems(price)).toEqual(fields)
  })

  test('is only for a metered feature whose overage is billed', () => {
    expect(problems(perUnit('1'))).toEqual([])
    expect(problems(perUnit('1'), { overage: 'allow' })).toEqual(['usage_prices.calls'])
    expect(problems(perUnit('1'), { type: 'allocated' })).toEqual(['usage_prices.calls'])
  })

  test('is the same however its amounts are spelled', () => {
    expect(canonicalUsagePrice(perUnit('00.50'))).toEqual(perUnit('0.5'))
    expect(canonicalUsagePrice(graduated({ ...open, unitAmount: '1.000' }))).toEqual(
      graduated(open),
    )
  })
})
