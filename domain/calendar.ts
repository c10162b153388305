/**
 * Boundaries in UTC, always counted from an anchor and never from the boundary before:
 * a subscription anchored on 31 January bills on 28 February and on 31 March again.
 */
export type Interval = { readonly start: Date; readonly end: Date }

export type Unit = 'hour' | 'day' | 'week' | 'month' | 'year'

const HOUR_MS = 3_600_000
const FIXED_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const
const MONTHS = { month: 1, year: 12 } as const

/** The `count`th boundary after `anchor` (before it, when negative); the 0th is the anchor itself. */
export function boundary(anchor: Date, unit: Unit, count: number): Date {
  if (unit === 'month' || unit === 'year') return addMonths(anchor, MONTHS[unit] * count)
  return new Date(anchor.getTime() + FIXED_MS[unit] * count)
}

/** How many whole units lie between `anchor` and `at`: the interval that holds `at` starts at this boundary. */
export function unitsSince(anchor: Date, unit: Unit, at: Date): number {
  if (unit !== 'month' && unit !== 'year')
    return Math.floor((at.getTime() - anchor.getTime()) / FIXED_MS[unit])
  const months =
    (at.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + at.getUTCMonth() - anchor.getUTCMonth()
  const guess = Math.floor(months / MONTHS[unit])
  // The guess ignores days and times of day, so it is at most one too late.
  return boundary(anchor, unit, guess) > at ? guess - 1 : guess
}

/** The half-open interval `[start, end)` that holds `at`: a boundary belongs to the interval that it opens. */
export function intervalAt(anchor: Date, unit: Unit, at: Date): Interval {
  const count = unitsSince(anchor, unit, at)
  return { start: boundary(anchor, unit, count), end: boundary(anchor, unit, count + 1) }
}

/** Same day and time of day some months later; the last day of the month where that day does not exist. */
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
