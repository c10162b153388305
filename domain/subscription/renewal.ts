import { intervalAt } from '../calendar.ts'
import { UNIT_OF_PERIOD, type PlanVersion } from '../catalogue/plan.ts'
import type { Subscription } from './subscription.ts'

/** A free subscription from `at` on: its anchor is that instant and its first period holds it. */
export function activateFree(before: Subscription, plan: PlanVersion, at: Date): Subscription {
  return {
    ...before,
    status: 'active',
    planVersionId: plan.id,
    anchor: at,
    period: intervalAt(at, UNIT_OF_PERIOD[plan.period], at),
  }
}

/** A subscription that Stripe does not bill, as it is once its end has come. */
export const endFree = (before: Subscription, at: Date): Subscription => ({
  ...before,
  status: 'canceled',
  cancelAt: null,
  pendingChange: null,
  resumesAt: null,
  endedAt: at,
  checkout: null,
})

/** A free subscription that stands still until it is resumed, by itself at `resumesAt` when that is given. */
export const pauseFree = (before: Subscription, resumesAt: Date | null): Subscription => ({
  ...before,
  status: 'paused',
  resumesAt,
})

/** Its boundaries stay where they were: pausing is no way to a fresh quota. */
export const resumeFree = (before: Subscription, plan: PlanVersion, at: Date): Subscription =>
  inPeriodAt({ ...before, status: 'active', resumesAt: null }, plan, at)

/** Another free plan from `at` on, with the same boundaries where its period is as long. */
export const changeFree = (before: Subscription, plan: PlanVersion, at: Date): Subscription =>
  inPeriodAt({ ...before, planVersionId: plan.id, pendingChange: null, cancelAt: null }, plan, at)

/**
 * The next thing that time alone brings to a subscription that Stripe does not bill: one period at a time, so that each of
 * those that were missed is told.
 */
export function renewFree(
  before: Subscription,
  plan: PlanVersion,
  pendingPlan: PlanVersion | null,
  at: Date,
): Subscription {
  const { cancelAt, pendingChange, resumesAt } = before
  if (cancelAt !== null && at >= cancelAt) return endFree(before, cancelAt)
  if (before.status === 'paused')
    return resumesAt !== null && at >= resumesAt ? resumeFree(before, plan, at) : before
  if (pendingChange !== null && pendingPlan !== null && at >= pendingChange.at)
    return changeFree(before, pendingPlan, at)
  const { period } = before
  return period === null || at < period.end ? before : inPeriodAt(before, plan, period.end)
}

/** In the period that holds `at`, counted from the anchor, however many periods were missed. */
function inPeriodAt(before: Subscription, plan: PlanVersion, at: Date): Subscription {
  if (before.anchor === null) return before
  const period = intervalAt(before.anchor, UNIT_OF_PERIOD[plan.period], at)
  const isSame =
    before.period?.start.getTime() === period.start.getTime() &&
    before.period.end.getTime() === period.end.getTime()
  return isSame ? before : { ...before, period }
}
