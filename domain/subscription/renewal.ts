import { intervalAt } from '../calendar.ts'
import { spanOf } from '../catalogue/period.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { endAfterPause } from './pause.ts'
import {
  ended,
  isInPeriod,
  type InPeriod,
  type Paused,
  type Running,
  type Subscription,
} from './subscription.ts'

/** Starts a free plan at `at`, which becomes the anchor. */
export const activateFree = (before: Subscription, plan: PlanVersion, at: Date): Running => ({
  ...before,
  status: 'active',
  planVersionId: plan.id,
  anchor: at,
  period: intervalAt(at, spanOf(plan.period), at),
  pastDueSince: null,
  endedAt: null,
})

/** Pauses a free subscription; it resumes by itself at `resumesAt`, or by a command when that is null. */
export const pauseFree = (
  before: Running,
  { at, resumesAt }: { readonly at: Date; readonly resumesAt: Date | null },
): Paused => ({ ...before, status: 'paused', resumesAt, pausedAt: at })

/** Resumes with what was left of the period at the pause, so that a pause does not give a fresh quota. */
export function resumeFree(before: Paused, plan: PlanVersion, at: Date): Running {
  const end = endAfterPause(before, at)
  const running = { ...before, status: 'active', resumesAt: null, pausedAt: null } as const
  if (end === null) return inPeriodAt(running, plan, at)
  const cancelAt =
    before.cancelAt?.getTime() === before.period.end.getTime() ? end : before.cancelAt
  // All later boundaries are counted from the moved end.
  return { ...running, anchor: end, period: { start: at, end }, cancelAt }
}

/** Changes to another free plan at `at`; the boundaries stay where its period has the same length. */
export const changeFree = <Changing extends InPeriod>(
  before: Changing,
  plan: PlanVersion,
  at: Date,
): Changing =>
  inPeriodAt({ ...before, planVersionId: plan.id, pendingChange: null, cancelAt: null }, plan, at)

/**
 * The next step that time alone brings to a free subscription. It advances one period at a time, so
 * that each missed period gets its timeline entry.
 */
export function renewFree(
  before: Subscription,
  plan: PlanVersion,
  pendingPlan: PlanVersion | null,
  at: Date,
): Subscription {
  if (!isInPeriod(before)) return before
  const { cancelAt, pendingChange, period, resumesAt } = before
  if (cancelAt !== null && at >= cancelAt) return ended(before, 'canceled', cancelAt)
  if (before.status === 'paused')
    return resumesAt !== null && at >= resumesAt ? resumeFree(before, plan, at) : before
  if (pendingChange !== null && pendingPlan !== null && at >= pendingChange.at)
    return changeFree(before, pendingPlan, at)
  return at < period.end ? before : inPeriodAt(before, plan, period.end)
}

/** Sets the period that contains `at`, counted from the anchor, however many periods were missed. */
function inPeriodAt<Moving extends InPeriod>(before: Moving, plan: PlanVersion, at: Date): Moving {
  const period = intervalAt(before.anchor, spanOf(plan.period), at)
  const isSame =
    before.period.start.getTime() === period.start.getTime() &&
    before.period.end.getTime() === period.end.getTime()
  return isSame ? before : { ...before, period }
}
