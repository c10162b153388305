import type { Span } from '../calendar.ts'

/** The units of billing periods. */
export const PERIOD_UNITS = ['day', 'week', 'month', 'year'] as const
/** A unit of `PERIOD_UNITS`. */
export type PeriodUnit = (typeof PERIOD_UNITS)[number]

/**
 * The length of a billing period: `monthly`, `yearly`, or a count with its unit, such as `3 months` or `1 week`. Each length
 * has one form (see `periodOf`), so equal periods are equal texts. The database stores this text.
 */
export type Period = 'monthly' | 'yearly' | `${number} ${PeriodUnit}${'' | 's'}`

/** A period in JSON and YAML. `{every: 1, unit: 'month'}` is `monthly`. */
export type PeriodView =
  'monthly' | 'yearly' | { readonly every: number; readonly unit: PeriodUnit }

/** Stripe's longest periods: three years. @see https://docs.stripe.com/api/prices/create#create_price-recurring-interval_count */
export const PERIOD_MAX: Readonly<Record<PeriodUnit, number>> = {
  day: 1_095,
  week: 156,
  month: 36,
  year: 3,
}

/**
 * The length of each unit in sixteenths of a day, for comparisons and for monthly revenue. A year has 365.25 days and a
 * month is a twelfth of it. All four are whole numbers; the SQL function `period_length` has the same.
 */
const SIXTEENTHS: Readonly<Record<PeriodUnit, number>> = {
  day: 16,
  week: 112,
  month: 487,
  year: 5_844,
}

/**
 * @param every 1 to `PERIOD_MAX` of the unit.
 * @returns the one form of this length: seven days are a week, twelve months a year.
 */
export function periodOf(every: number, unit: PeriodUnit): Period {
  if (unit === 'day' && every % 7 === 0) return periodOf(every / 7, 'week')
  if (unit === 'month' && every % 12 === 0) return periodOf(every / 12, 'year')
  if (every > 1) return `${every} ${unit}s`
  return unit === 'month' ? 'monthly' : unit === 'year' ? 'yearly' : `1 ${unit}`
}

/** How many of which unit a period spans; boundaries count from the anchor (`intervalAt`). */
export function spanOf(period: Period | PeriodView): Span & { readonly unit: PeriodUnit } {
  if (typeof period === 'object') return period
  if (period === 'monthly') return { every: 1, unit: 'month' }
  if (period === 'yearly') return { every: 1, unit: 'year' }
  const [every, word] = period.split(' ')
  const unit = PERIOD_UNITS.find((each) => word === each || word === `${each}s`)
  if (unit === undefined) throw new Error(`unknown period ${period}`)
  return { every: Number(every), unit }
}

/** @returns a period as the API and webhooks write it. */
export const viewOfPeriod = (period: Period): PeriodView =>
  period === 'monthly' || period === 'yearly' ? period : spanOf(period)

/** The length of a period in sixteenths of a day, for comparing prices of different periods. */
export function lengthOf(period: Period): number {
  const { every, unit } = spanOf(period)
  return every * SIXTEENTHS[unit]
}
