import { intervalAt, type Interval, type Span, type Unit } from '../calendar.ts'
import { spanOf } from '../catalogue/period.ts'
import type { PlanFeature, PlanVersion } from '../catalogue/plan.ts'
import { zonedIntervalAt } from '../zoned-calendar.ts'

/** The interval over which one feature's usage is counted against its limit. */
export type QuotaWindow = Interval & {
  readonly featureId: string
  readonly quotaLimit: number | null
  /** How much unused quota at most moves to the next window; 0 for none. */
  readonly rolloverMax: number
}

/** Windows count from the subscription's anchor, in the customer's time zone or, if null, in UTC. */
export type QuotaCalendar = { readonly anchor: Date; readonly timeZone: string | null }

/** The start of windows that never reset, independent of the anchor: held seats stay held if the anchor moves. */
const BEGINNING = new Date(0)
/** The end of windows that never reset. JavaScript and Postgres can both store it. */
export const FOREVER = new Date('9999-12-31T00:00:00.000Z')

/** An instant in ISO 8601; null for `FOREVER`. */
export const isoOrNever = (at: Date): string | null => (at >= FOREVER ? null : at.toISOString())

/** At most this many missed windows are opened for rollover; older rollover is lost. */
const CAUGHT_UP_MAX = 100

/**
 * Finds the window of a feature that contains `at`. It depends only on the arguments, so workflow and API open the same
 * window. A feature that resets with the billing period ignores the time zone, because Stripe's periods are in UTC.
 */
export function quotaWindowAt(
  plan: PlanVersion,
  feature: PlanFeature,
  calendar: QuotaCalendar,
  at: Date,
): QuotaWindow {
  const { featureId, quotaLimit, rolloverMax } = feature
  const length = resetLength(plan, feature)
  const interval =
    length === null
      ? { start: BEGINNING, end: FOREVER }
      : calendar.timeZone === null || typeof length !== 'string'
        ? intervalAt(calendar.anchor, length, at)
        : zonedIntervalAt(calendar.anchor, length, at, calendar.timeZone)
  return { featureId, quotaLimit, rolloverMax: rolloverMax ?? 0, ...interval }
}

/**
 * Lists the windows to open at `at`: one for each counted feature and, for rollover, the missed windows before it, so
 * that an unused window rolls over too. During a trial the anchor lies in the future, at the trial's end.
 */
export function quotaWindowsAt(
  plan: PlanVersion,
  calendar: QuotaCalendar,
  at: Date,
): QuotaWindow[] {
  return plan.features
    .filter((feature) => feature.type !== 'boolean')
    .flatMap((feature) => {
      const window = quotaWindowAt(plan, feature, calendar, at)
      return [...windowsBefore(plan, feature, calendar, window), window]
    })
}

/** The windows before `window` needed to fill the rollover cap, oldest first, none before the anchor. */
function windowsBefore(
  plan: PlanVersion,
  feature: PlanFeature,
  calendar: QuotaCalendar,
  window: QuotaWindow,
): QuotaWindow[] {
  const { rolloverMax, quotaLimit } = window
  if (rolloverMax === 0 || quotaLimit === null || window.end >= FOREVER) return []
  const wanted = Math.min(CAUGHT_UP_MAX, Math.ceil(rolloverMax / Math.max(1, quotaLimit)) + 1)
  const windows: QuotaWindow[] = []
  for (let { start } = window; start > calendar.anchor && windows.length < wanted;) {
    const before = quotaWindowAt(plan, feature, calendar, new Date(start.getTime() - 1))
    windows.unshift(before)
    start = before.start
  }
  return windows
}

/** A span is the billing period. Null if usage never resets, such as seats. */
function resetLength(plan: PlanVersion, feature: PlanFeature): Unit | Span | null {
  if (feature.type === 'allocated' || feature.reset === 'never') return null
  return feature.reset === 'period' ? spanOf(plan.period) : feature.reset
}
