import { isFree } from '../catalogue/plan.ts'
import { withFeaturesOf } from '../catalogue/pooled-plan.ts'
import { isMovedRest } from '../subscription/pause.ts'
import { isOver } from '../subscription/subscription.ts'
import { quotaWindowsAt, type QuotaWindow } from '../usage/quota-window.ts'
import { paidRestart } from '../usage/restarted-period.ts'
import { unitsOf } from './announcements.ts'
import type { DecidedStep } from './facts.ts'

/** The quota windows that a step opens. */
export function windowsOf({ after, at, timeZone, planOf }: DecidedStep): QuotaWindow[] {
  const { anchor, addons } = after
  if (anchor === null || isOver(after)) return []
  const plan = planOf(after.planVersionId)
  const pooled = addons.length === 0 ? plan : withFeaturesOf(plan, unitsOf(addons, planOf))
  return quotaWindowsAt(pooled, { anchor, timeZone }, at)
}

/**
 * The instant from which usage is counted afresh, or null to keep the count. It is the start of the first paid period: of a
 * new subscription, or after a free plan or a trial; or of a period that Stripe began anew and charged. Other changes keep
 * the count: otherwise changing back and forth would give free quota.
 */
export function freshQuotaFrom({ before, after, at, invoice, planOf }: DecidedStep): Date | null {
  if (after.status !== 'active' || isFree(planOf(after.planVersionId))) return null
  // The customer's counters outlive subscriptions, and this one has paid for a window of its own.
  if (before.status === 'incomplete') return at
  // A window of a free plan may outlast the trial that followed it; usage since the period began already counts.
  if (before.status === 'trialing') return after.period.start
  // A change ended the rest that a pause had moved, and began a period of its own.
  const isStillRest: boolean = isMovedRest(after)
  if (isMovedRest(before) && !isStillRest && after.period.start < before.period.end)
    return after.period.start
  // The plan, not the anchor: a free plan that is upgraded within a second of its start has the same anchor.
  if (before.planVersionId === after.planVersionId) return paidRestart(before, after, invoice)
  return isFree(planOf(before.planVersionId)) ? at : null
}
