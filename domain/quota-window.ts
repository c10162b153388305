import { intervalAt, type Interval, type Unit } from './calendar.ts'
import { UNIT_OF_PERIOD, type PlanFeature, type PlanVersion } from './plan.ts'

/** The stretch of time over which one feature's usage is counted against its limit. */
export type QuotaWindow = Interval & {
  readonly featureId: string
  readonly quotaLimit: number | null
}

/** A window that never resets begins here, whatever becomes of the anchor: what is held is held on. */
const BEGINNING = new Date(0)
/** A window that never resets ends here: the last instant that JavaScript and Postgres both hold comfortably. */
export const FOREVER = new Date('9999-12-31T00:00:00.000Z')

/**
 * The window of `feature` that holds `at`, counted from the subscription's anchor. It depends on nothing else, so
 * whoever opens it first, workflow or API, opens the same one.
 */
export function quotaWindowAt(
  plan: PlanVersion,
  feature: PlanFeature,
  anchor: Date,
  at: Date,
): QuotaWindow {
  const { featureId, quotaLimit } = feature
  const unit = resetUnit(plan, feature)
  const interval = unit === null ? { start: BEGINNING, end: FOREVER } : intervalAt(anchor, unit, at)
  return { featureId, quotaLimit, ...interval }
}

/** The windows that hold `at`, one for each feature that is counted. */
export function quotaWindowsAt(plan: PlanVersion, anchor: Date, at: Date): QuotaWindow[] {
  return plan.features
    .filter((feature) => feature.type !== 'boolean')
    .map((feature) => quotaWindowAt(plan, feature, anchor, at))
}

/** Null where usage is never reset: held features (seats) go on across periods. */
function resetUnit(plan: PlanVersion, feature: PlanFeature): Unit | null {
  if (feature.type === 'allocated' || feature.reset === 'never') return null
  return feature.reset === 'period' ? UNIT_OF_PERIOD[plan.period] : feature.reset
}
