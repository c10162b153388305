export const HISTORY_BUCKETS = ['hour', 'day', 'month'] as const
export type HistoryUnit = (typeof HISTORY_BUCKETS)[number]

const HOUR_MS = 3_600_000
/** The shortest that each bucket is: a day on which clocks go forward, a February. */
const SHORTEST_MS = {
  hour: HOUR_MS,
  day: 23 * HOUR_MS,
  month: 28 * 24 * HOUR_MS - HOUR_MS,
} as const
/** A chart shows no more: a month of hours, almost three years of days. */
export const HISTORY_BUCKETS_MAX = 1_000

export type HistoryQuestion = {
  readonly userId: string
  readonly feature: string
  readonly from: Date
  readonly to: Date
  readonly bucket: HistoryUnit
  /** By whose clocks days and months begin. */
  readonly timeZone: string
}

/** What was used in `[startsAt, endsAt)`, less what was given back. */
export type HistoryBucket = {
  readonly startsAt: Date
  readonly endsAt: Date
  readonly usedAmount: number
  readonly overageAmount: number
  readonly events: number
}

/** How many buckets a stretch of time may touch. */
export const bucketsBetween = (from: Date, to: Date, bucket: HistoryUnit): number =>
  Math.ceil((to.getTime() - from.getTime()) / SHORTEST_MS[bucket]) + 1
