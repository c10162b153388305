import { limitFor, type PlanVersion } from '../../../domain/catalogue/plan.ts'
import {
  quotaWindowAt,
  quotaWindowsAt,
  type QuotaWindow,
} from '../../../domain/usage/quota-window.ts'
import type { FeatureUsage } from '../../../domain/usage/repository.ts'
import { featuresForWindows, pooledPlanOf } from '../../../domain/subscription/addons.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import type { UsageCounter } from '../../../domain/usage/usage.ts'
import type { Operations, RowOf } from './port.ts'
import { openQuotaWindows, quotaCalendarOf, type UsageReads } from './usage-windows.ts'

type UsageCounterRow = RowOf<'list_usage_counters'>

/**
 * The usage counter of each feature of a subscription, read in one statement without a lock. A window that is not open
 * yet is shown as it would open. It is opened only if quota rolls over into it, because opening moves that quota.
 */
export async function listUsageCounters(
  operations: Operations,
  { plans, customers }: Pick<UsageReads, 'plans' | 'customers'>,
  subscription: Subscription,
  at: Date,
): Promise<FeatureUsage[]> {
  const base = await plans.getVersion(subscription.planVersionId)
  const plan = await featuresForWindows(plans, subscription, base)
  const calendar = await quotaCalendarOf(customers, subscription)
  const windows =
    calendar === null
      ? []
      : plan.features
          .filter((feature) => feature.type !== 'boolean')
          .map((feature) => quotaWindowAt(plan, feature, calendar, at))
  const read = () => readUsageCounters(operations, subscription, windows, at)
  let rows = await read()
  const isRollingOver = (row: UsageCounterRow) =>
    !row.is_open &&
    windows.some((each) => each.featureId === row.feature_id && each.rolloverMax > 0)
  if (calendar !== null && rows.some(isRollingOver)) {
    const { id: subscriptionId, planVersionId } = subscription
    const opening = { subscriptionId, planVersionId, now: at, at }
    await openQuotaWindows(operations, opening, quotaWindowsAt(plan, calendar, at))
    rows = await read()
  }
  return featuresOf(await pooledPlanOf(plans, subscription, base), subscription.quantity, rows)
}

const readUsageCounters = (
  operations: Operations,
  subscription: Subscription,
  windows: readonly QuotaWindow[],
  at: Date,
): Promise<UsageCounterRow[]> =>
  operations.rows('list_usage_counters', {
    p_now: at,
    p_user: subscription.userId,
    p_subscription: subscription.id,
    p_features: windows.map(({ featureId }) => featureId),
    p_starts: windows.map(({ start }) => start),
    p_ends: windows.map(({ end }) => end),
    p_limits: windows.map(({ quotaLimit }) => quotaLimit),
  })

/** A feature without a counter is shown with its limit for the quantity. */
const featuresOf = (
  plan: PlanVersion,
  quantity: number,
  rows: readonly UsageCounterRow[],
): FeatureUsage[] =>
  plan.features.map((feature) => {
    const row = rows.find((each) => each.feature_id === feature.featureId)
    if (row !== undefined) return { feature, counter: usageCounterFromRow(row) }
    return { feature: { ...feature, quotaLimit: limitFor(feature, quantity) }, counter: null }
  })

const usageCounterFromRow = (row: UsageCounterRow): UsageCounter => ({
  usedAmount: row.used_amount,
  quotaLimit: row.quota_limit,
  remaining: row.remaining,
  windowStart: row.window_start,
  windowEnd: row.window_end,
  rolledOver: row.rolled_over,
  grantedRemaining: row.granted_left,
  held: row.held_amount,
  overage: row.overage_amount,
})
