import { intervalAt } from './calendar.ts'
import { UNIT_OF_PERIOD, type PlanVersion } from './plan.ts'
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
  endedAt: at,
  checkout: null,
})

/** A free subscription in the period that holds `at`, counted from its anchor, however many periods were missed. */
export function renewFree(before: Subscription, plan: PlanVersion, at: Date): Subscription {
  if (before.cancelAt !== null && at >= before.cancelAt) return endFree(before, before.cancelAt)
  if (before.anchor === null || before.period === null || at < before.period.end) return before
  return { ...before, period: intervalAt(before.anchor, UNIT_OF_PERIOD[plan.period], at) }
}
