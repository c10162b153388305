import type { PlanVersion } from '../catalogue/plan.ts'
import type { PendingChange, Subscription } from './subscription.ts'
import type { Change } from './timeline.ts'

/** A plan change that a scheduled cancellation withdrew. It returns if the cancellation is withdrawn. */
export type SetAsideChange = Pick<PendingChange, 'planVersionId' | 'quantity' | 'addons' | 'at'>

/** Why a plan change that a cancellation set aside does not return. */
export const DROP_REASONS = ['time_passed', 'plan_not_offered'] as const
/** Why a set-aside change does not return. */
export type DropReason = (typeof DROP_REASONS)[number]

/** A set-aside change that does not return. `at` is ISO 8601. */
export type DroppedChange = {
  readonly planVersionId: string
  readonly at: string
  readonly because: DropReason
}

/**
 * @param timeline oldest first, at least from the scheduled cancellation on.
 * @returns the scheduled change that the present cancellation withdrew; null if there was none.
 */
export function setAsideChange(
  timeline: readonly Change[],
  { quantity }: Pick<Subscription, 'quantity'>,
): SetAsideChange | null {
  const pending = timeline.findLast(({ kind }) => kind === 'cancellation_scheduled')?.before
    ?.pendingChange
  // Entries of the release before have no kind: the change may have waited for its payment.
  if (pending?.kind !== 'scheduled') return null
  return {
    planVersionId: pending.planVersionId,
    quantity: pending.quantity ?? quantity,
    addons: pending.addons ?? [],
    at: new Date(pending.at),
  }
}

/** @returns why a set-aside change does not return, or null if it does. */
export function reasonToDrop(
  change: SetAsideChange,
  {
    period,
    offered,
    at,
  }: Pick<Subscription, 'period'> & {
    /** The versions of its plan that are on offer to the user: now, and when the change would take effect. */
    readonly offered: readonly (PlanVersion | undefined)[]
    readonly at: Date
  },
): DropReason | null {
  if (change.at <= at || change.at.getTime() !== period?.end.getTime()) return 'time_passed'
  return offered.some((plan) => plan?.id === change.planVersionId) ? null : 'plan_not_offered'
}
