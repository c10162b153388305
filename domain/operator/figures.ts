import type { Period } from '../catalogue/period.ts'
import type { Status } from '../subscription/subscription.ts'

/** The days ahead in which ending trials are shown. */
export const TRIALS_ENDING_DAYS = 7
/** Churn covers about one monthly period. */
export const CHURN_DAYS = 30
/** The overview's chart shows a quarter of a year. */
export const HISTORY_DAYS = 90
/** The overview lists this many features closest to their limits. */
export const HOT_SPOTS_MAX = 10

/** Figures of all subscriptions at one instant; docs/console.md defines each. */
export type Overview = {
  readonly statuses: readonly { readonly status: Status; readonly count: number }[]
  /** Monthly recurring revenue (MRR) by currency, highest first, and the part that is past due. */
  readonly revenue: readonly {
    readonly currency: string
    readonly mrrMinor: number
    readonly pastDueMinor: number
  }[]
  /** Plans with subscriptions, by revenue. */
  readonly plans: readonly PlanFigures[]
  /** Trials that end within `TRIALS_ENDING_DAYS`. */
  readonly trialsEnding: number
  /** Subscriptions with a scheduled cancellation. */
  readonly leaving: number
  /** Over `CHURN_DAYS`. */
  readonly churn: Churn
  /** Days (in UTC, as `YYYY-MM-DD`) of the last `HISTORY_DAYS` on which subscriptions started or ended. */
  readonly days: readonly DayFigures[]
  readonly hotSpots: readonly HotSpot[]
}

/** The loss of paying customers and of their monthly revenue. Trials and free plans pay nothing. */
export type Churn = {
  /** Customers that paid at the beginning, and those of them that pay nothing now. */
  readonly customersBefore: number
  readonly customersLost: number
  /** By currency, the monthly revenue at list prices in minor units: at the beginning, then lost and grown among the same customers. */
  readonly revenue: readonly {
    readonly currency: string
    readonly beforeMinor: number
    readonly lostMinor: number
    readonly grownMinor: number
  }[]
}

/** The customers and the monthly revenue of a plan, in minor units. */
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

/** The subscriptions that started and ended on one day. */
export type DayFigures = { readonly day: string; readonly started: number; readonly ended: number }

/** A feature that reached a threshold of its limit in the current window. */
export type HotSpot = {
  readonly subscriptionId: string
  readonly userId: string
  readonly plan: string
  readonly feature: string
  readonly usedAmount: number
  readonly quotaLimit: number
  readonly windowEnd: Date
}

/** The movement of monthly revenue in one month, at list prices before discounts, in minor units. Their sum is the change. */
export type RevenueMovement = {
  /** In UTC, as `YYYY-MM`. */
  readonly month: string
  readonly currency: string
  /** Of subscriptions without revenue at the beginning of the month: bought or resumed. */
  readonly newMinor: number
  readonly expansionMinor: number
  /** Negative. */
  readonly contractionMinor: number
  /** Of subscriptions that ended or were paused. Negative. */
  readonly endedMinor: number
}

/** A subscription as a list shows it. */
export type SubscriptionLine = {
  readonly id: string
  readonly userId: string
  readonly status: Status
  readonly plan: { readonly slug: string; readonly name: string; readonly period: Period }
  readonly currency: string
  readonly quantity: number
  /** Zero unless `active` or `past_due`. */
  readonly mrrMinor: number
  readonly trialEnd: Date | null
  readonly periodEnd: Date | null
  readonly cancelAt: Date | null
  readonly endedAt: Date | null
  readonly drift: string | null
  readonly createdAt: Date
}

/** A search of operators; all given parts must match. */
export type SubscriptionSearch = {
  /** A full id, ours or Stripe's, or the start of a user id. */
  readonly text?: string | undefined
  readonly status?: Status | undefined
  /** The slug of a plan. */
  readonly plan?: string | undefined
}

/** Figures for operators. Each is bounded in rows and time. */
export type FigureRepository = {
  readonly overview: (at: Date) => Promise<Overview>
  /** Movements of revenue in `[since, until)`, the newest month first. */
  readonly movements: (since: Date, until: Date) => Promise<RevenueMovement[]>
  /** Newest first; `after` is the last subscription id of the page before. */
  readonly search: (
    search: SubscriptionSearch,
    page: { readonly limit: number; readonly after?: string | undefined },
  ) => Promise<SubscriptionLine[]>
}

/**
 * Counts the live subscriptions at the end of each of the last `HISTORY_DAYS` days (UTC), backwards from today.
 *
 * @param live the number of live subscriptions now.
 * @param days starts and ends by day; days without any may be missing.
 * @returns oldest day first.
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
