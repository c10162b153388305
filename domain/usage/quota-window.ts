import { intervalAt, type Interval, type Unit } from '../calendar.ts'
import { UNIT_OF_PERIOD, type PlanFeature, type PlanVersion } from '../catalogue/plan.ts'
import { zonedIntervalAt } from '../zoned-calendar.ts'

/** The stretch of time over which one feature's usage is counted against its limit. */
export type QuotaWindow = Interval & {
  readonly featureId: string
  readonly quotaLimit: number | null
  /** How much of what is left goes over into the window after it. */
  readonly rolloverMax: number
}

/** From what boundaries are counted: the subscription's anchor, and the customer's time zone if there is one. */
export type QuotaCalendar = { readonly anchor: Date; readonly timeZone: string | null }

/** A window that never resets begins here, whatever becomes of the anchor: what is held is held on. */
const BEGINNING = new Date(0)
/** A window that never resets ends here: the last instant that JavaScript and Postgres both hold comfortably. */
export const FOREVER = new Date('9999-12-31T00:00:00.000Z')
/** Windows before the present one that nobody opened and that are opened to roll over: what lies further back is lost. */
const CAUGHT_UP_MAX = 100

/**
 * The window of `feature` that holds `at`. It depends on plan, calendar and instant alone, so whoever opens it first,
 * workflow or API, opens the same one. Billing periods are Stripe's: a time zone does not move those.
 */
export function quotaWindowAt(
  plan: PlanVersion,
  feature: PlanFeature,
  calendar: QuotaCalendar,
  at: Date,
): QuotaWindow {
  const { featureId, quotaLimit, rolloverMax } = feature
  const unit = resetUnit(plan, feature)
  const interval =
    unit === null
      ? { start: BEGINNING, end: FOREVER }
      : calendar.timeZone === null || feature.reset === 'period'
        ? intervalAt(calendar.anchor, unit, at)
        : zonedIntervalAt(calendar.anchor, unit, at, calendar.timeZone)
  return { featureId, quotaLimit, rolloverMax: rolloverMax ?? 0, ...interval }
}

/**
 * The windows to open at `at`, one for each feature that is counted; where something rolls over, with those before it,
 * so that a window that nobody used is rolled over too. During a trial the anchor lies ahead: its end.
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

/** As many windows before `window` as it takes to fill the cap, none of them before the anchor, in order of time. */
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

/** Null where usage is never reset: held features (seats) go on across periods. */
function resetUnit(plan: PlanVersion, feature: PlanFeature): Unit | null {
  if (feature.type === 'allocated' || feature.reset === 'never') return null
  return feature.reset === 'period' ? UNIT_OF_PERIOD[plan.period] : feature.reset
}
