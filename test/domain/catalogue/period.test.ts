import { describe, expect, test } from 'vitest'
import {
  lengthOf,
  PERIOD_MAX,
  PERIOD_UNITS,
  periodOf,
  spanOf,
  viewOfPeriod,
} from '../../../domain/catalogue/period.ts'
import {
  perPeriodInEnglish,
  perPeriodInPortuguese,
} from '../../../domain/catalogue/period-words.ts'

/** Every period that Stripe allows. */
const ALL = PERIOD_UNITS.flatMap((unit) =>
  Array.from({ length: PERIOD_MAX[unit] }, (_, index) => ({ every: index + 1, unit })),
)

describe('a billing period', () => {
  test('has one form for each length, which keeps the length', () => {
    for (const { every, unit } of ALL) {
      const period = periodOf(every, unit)
      const { every: count, unit: of } = spanOf(period)
      expect(periodOf(count, of)).toBe(period)
      expect(spanOf(viewOfPeriod(period))).toEqual(spanOf(period))
      const given = { day: 16, week: 7 * 16, month: 487, year: 12 * 487 }[unit]
      expect(lengthOf(period)).toBe(every * given)
    }
  })

  test('of a month or a year has a name, as before there were others', () => {
    expect([periodOf(1, 'month'), periodOf(12, 'month'), periodOf(1, 'year')]).toEqual([
      'monthly',
      'yearly',
      'yearly',
    ])
    expect([viewOfPeriod('monthly'), viewOfPeriod('yearly')]).toEqual(['monthly', 'yearly'])
    expect(viewOfPeriod(periodOf(14, 'day'))).toEqual({ every: 2, unit: 'week' })
    expect(viewOfPeriod('3 months')).toEqual({ every: 3, unit: 'month' })
  })

  test('counts for monthly revenue by a year of 365.25 days and months of a twelfth of it', () => {
    const month = lengthOf('monthly')
    expect(lengthOf('yearly')).toBe(12 * month)
    expect(lengthOf('1 day') / month).toBeCloseTo(12 / 365.25, 12)
    expect(lengthOf('2 weeks')).toBe(lengthOf('1 day') * 14)
  })

  test('is named in words', () => {
    const words = (['monthly', '1 week', '3 months', '2 years'] as const).map((period) => [
      perPeriodInEnglish(period),
      perPeriodInPortuguese(period),
    ])
    expect(words).toEqual([
      ['per month', 'por mês'],
      ['per week', 'por semana'],
      ['every 3 months', 'a cada 3 meses'],
      ['every 2 years', 'a cada 2 anos'],
    ])
  })
})
