/** Stripe's units of a billing period. @see https://docs.stripe.com/api/prices/object */
export const INTERVALS = ['day', 'week', 'month', 'year'] as const
/** A unit of a billing period. */
export type Interval = (typeof INTERVALS)[number]
/** The length of a billing period; `interval_count` is at least 1. */
export type Recurrence = { readonly interval: Interval; readonly interval_count: number }
/** A span of time in seconds since 1970: its start belongs to it, its end does not. */
export type Span = { readonly start: number; readonly end: number }

/** In seconds. */
export const MINUTE = 60
/** In seconds. */
export const HOUR = 60 * MINUTE
/** In seconds, as all days are in UTC. */
export const DAY = 24 * HOUR

/**
 * The boundary `count` intervals after the anchor. Always counted from the anchor, in UTC,
 * on the last day of a shorter month: 31 January, 28 February, 31 March.
 */
export function boundary(
  anchor: number,
  { interval, interval_count }: Recurrence,
  count: number,
): number {
  const steps = count * interval_count
  switch (interval) {
    case 'day':
      return anchor + steps * DAY
    case 'week':
      return anchor + steps * 7 * DAY
    case 'month':
      return addMonths(anchor, steps)
    case 'year':
      return addMonths(anchor, 12 * steps)
    default:
      return unreachable(interval)
  }
}

function addMonths(anchor: number, months: number): number {
  const from = new Date(anchor * 1000)
  const month = from.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(from.getUTCDate(), lastDay)
  const midnight = Date.UTC(from.getUTCFullYear(), month, day) / 1000
  return midnight + (anchor - Math.floor(anchor / DAY) * DAY)
}

type Lengths = Readonly<Record<Interval, number>>
const SHORTEST: Lengths = { day: DAY, week: 7 * DAY, month: 28 * DAY, year: 365 * DAY }
const LONGEST: Lengths = { day: DAY, week: 7 * DAY, month: 31 * DAY, year: 366 * DAY }

/** The period that contains an instant, counted from the anchor. An anchor may be in the future. */
export function periodAt(anchor: number, recurrence: Recurrence, instant: number): Span {
  const lengths = instant >= anchor ? SHORTEST : LONGEST
  const length = lengths[recurrence.interval] * recurrence.interval_count
  // The estimate is never too early and at most a tenth too late; walk back from it.
  let count = Math.ceil((instant - anchor) / length) + 1
  while (boundary(anchor, recurrence, count) > instant) count -= 1
  return {
    start: boundary(anchor, recurrence, count),
    end: boundary(anchor, recurrence, count + 1),
  }
}

function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`)
}
