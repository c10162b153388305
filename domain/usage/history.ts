/** The buckets of a time series. */
export const HISTORY_BUCKETS = ['hour', 'day', 'month'] as const
export type HistoryUnit = (typeof HISTORY_BUCKETS)[number]

const HOUR_MS = 3_600_000
/** The shortest length of each bucket: a day and a February with a clock change. */
const SHORTEST_MS = {
  hour: HOUR_MS,
  day: 23 * HOUR_MS,
  month: 28 * 24 * HOUR_MS - HOUR_MS,
} as const
/** Enough for a month by hour or almost three years by day. */
export const HISTORY_BUCKETS_MAX = 1_000

/** A time series of one feature, over the half-open interval `[from, to)`. */
export type HistoryQuestion = {
  readonly userId: string
  readonly feature: string
  readonly from: Date
  readonly to: Date
  readonly bucket: HistoryUnit
  /** An IANA name: days and months start at midnight there. */
  readonly timeZone: string
}

/** Usage in `[startsAt, endsAt)`, minus released usage. */
export type HistoryBucket = {
  readonly startsAt: Date
  readonly endsAt: Date
  readonly usedAmount: number
  readonly overageAmount: number
  readonly events: number
}

/** @returns the highest possible number of buckets in an interval. */
export const bucketsBetween = (from: Date, to: Date, bucket: HistoryUnit): number =>
  Math.ceil((to.getTime() - from.getTime()) / SHORTEST_MS[bucket]) + 1
