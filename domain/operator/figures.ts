import type { Period } from '../catalogue/plan.ts'
import type { Status } from '../subscription/subscription.ts'

/** A trial that ends within this time is one to look at. */
export const TRIALS_ENDING_DAYS = 7
/** Churn looks back as far as this: about one monthly period. */
export const CHURN_DAYS = 30
/** What the overview's chart shows: a quarter of a year. */
export const HISTORY_DAYS = 90
/** The features closest to their limits; more is a list for nobody to read. */
export const HOT_SPOTS_MAX = 10

/** What all subscriptions come to at an instant. What each figure means for the business is in docs/console.md. */
export type Overview = {
  readonly statuses: readonly { readonly status: Status; readonly count: number }[]
  /** The monthly recurring revenue by currency, the highest first, and the part of it that is past due. */
  readonly revenue: readonly {
    readonly currency: string
    readonly mrrMinor: number
    readonly pastDueMinor: number
  }[]
  /** Plans that somebody has, by their revenue. */
  readonly plans: readonly PlanFigures[]
  /** Trials that end within `TRIALS_ENDING_DAYS`. */
  readonly trialsEnding: number
  /** Subscriptions that will end, because somebody canceled them for later. */
  readonly leaving: number
  /** Of those that ran `CHURN_DAYS` ago, how many ended since. */
  readonly churn: { readonly ended: number; readonly liveBefore: number }
  /** Days (in UTC, as `YYYY-MM-DD`) of the last `HISTORY_DAYS` on which any began or ended. */
  readonly days: readonly DayFigures[]
  readonly hotSpots: readonly HotSpot[]
}

export type PlanFigures = {
  readonly slug: string
  readonly name: string
  readonly period: Period
  readonly currency: string
  readonly active: number
  readonly trialing: number
  readonly pastDue: number
  /** Incomplete, unpaid or paused. */
  readonly other: number
  readonly mrrMinor: number
}

export type DayFigures = { readonly day: string; readonly started: number; readonly ended: number }

/** A feature that reached a threshold of its limit in the window that is open. */
export type HotSpot = {
  readonly subscriptionId: string
  readonly userId: string
  readonly plan: string
  readonly feature: string
  readonly usedAmount: number
  readonly quotaLimit: number
  readonly windowEnd: Date
}

/** A subscription as a list shows it. */
export type SubscriptionLine = {
  readonly id: string
  readonly userId: string
  readonly status: Status
  readonly plan: { readonly slug: string; readonly name: string; readonly period: Period }
  readonly currency: string
  readonly quantity: number
  /** Zero for what is not `active` or `past_due`. */
  readonly mrrMinor: number
  readonly trialEnd: Date | null
  readonly periodEnd: Date | null
  readonly cancelAt: Date | null
  readonly endedAt: Date | null
  readonly drift: string | null
  readonly createdAt: Date
}

export type SubscriptionSearch = {
  /** An id of ours or of Stripe's, or the beginning of a user's id. */
  readonly text?: string | undefined
  readonly status?: Status | undefined
  /** The slug of a plan. */
  readonly plan?: string | undefined
}

export type FigureRepository = {
  readonly overview: (at: Date) => Promise<Overview>
  /** The newest first; `after` is the id of the last subscription of the page before. */
  readonly search: (
    search: SubscriptionSearch,
    page: { readonly limit: number; readonly after?: string | undefined },
  ) => Promise<SubscriptionLine[]>
}

/**
 * How many subscriptions ran at the end of each of `HISTORY_DAYS` days, the last one today: counted back from how many run
 * now, by what began and ended on each day.
 */
export function liveByDay(
  live: number,
  days: readonly DayFigures[],
  at: Date,
): (DayFigures & { readonly live: number })[] {
  const known = new Map(days.map((each) => [each.day, each]))
  const result = []
  let count = live
  for (let back = 0; back < HISTORY_DAYS; back += 1) {
    const day = new Date(at.getTime() - back * 86_400_000).toISOString().slice(0, 10)
    const { started, ended } = known.get(day) ?? { started: 0, ended: 0 }
    result.push({ day, started, ended, live: count })
    count = count - started + ended
  }
  return result.toReversed()
}
