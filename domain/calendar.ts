/** A half-open interval `[start, end)`. */
export type Interval = { readonly start: Date; readonly end: Date }

/** The units of windows and periods. Months and years count from the anchor. */
export type Unit = 'hour' | 'day' | 'week' | 'month' | 'year'

const HOUR_MS = 3_600_000
const FIXED_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const
const MONTHS = { month: 1, year: 12 } as const

/** A count of units, such as three months. */
export type Span = { readonly every: number; readonly unit: Unit }

/**
 * Counts from the anchor in UTC, never from the previous boundary: from 31 January to 28 February, then to 31 March.
 *
 * @param count how many units after the anchor; 0 is the anchor itself, a negative count lies before it.
 * @see https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function boundary(anchor: Date, unit: Unit, count: number): Date {
  if (unit === 'month' || unit === 'year') return addMonths(anchor, MONTHS[unit] * count)
  return new Date(anchor.getTime() + FIXED_MS[unit] * count)
}

/** @returns the number of whole units from `anchor` to `at`; negative if `at` lies before the anchor. */
export function unitsSince(anchor: Date, unit: Unit, at: Date): number {
  if (unit !== 'month' && unit !== 'year')
    return Math.floor((at.getTime() - anchor.getTime()) / FIXED_MS[unit])
  const months =
    (at.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + at.getUTCMonth() - anchor.getUTCMonth()
  const guess = Math.floor(months / MONTHS[unit])
  // The guess ignores days and times of day, so it is at most one too late.
  return boundary(anchor, unit, guess) > at ? guess - 1 : guess
}

/**
 * @param length a unit is a span of one.
 * @returns the interval that contains `at`. A boundary belongs to the interval that it starts.
 */
export function intervalAt(anchor: Date, length: Unit | Span, at: Date): Interval {
  const { every, unit } = typeof length === 'string' ? { every: 1, unit: length } : length
  const count = Math.floor(unitsSince(anchor, unit, at) / every) * every
  return { start: boundary(anchor, unit, count), end: boundary(anchor, unit, count + every) }
}

/** Keeps the day and time of day; uses the last day of the month if that day does not exist. */
function addMonths(anchor: Date, months: number): Date {
  const moved = new Date(anchor)
  moved.setUTCDate(1)
  moved.setUTCMonth(anchor.getUTCMonth() + months)
  const lastDay = new Date(
    Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0),
  ).getUTCDate()
  moved.setUTCDate(Math.min(anchor.getUTCDate(), lastDay))
  return moved
}
