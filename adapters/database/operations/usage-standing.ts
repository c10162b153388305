import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import {
  quotaWindowAt,
  quotaWindowsAt,
  type QuotaCalendar,
  type QuotaWindow,
} from '../../../domain/usage/quota-window.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { CustomerRepository } from '../../../domain/customer/repository.ts'
import type { FeatureUsage } from '../../../domain/usage/repository.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import type { UsageCounter } from '../../../domain/usage/usage.ts'
import type { Operations } from './port.ts'
import { openQuotaWindows } from './quota-windows.ts'

type Reads = { readonly plans: PlanRepository; readonly customers: CustomerRepository }

type UsageCounterRow = {
  feature_id: string
  is_open: boolean
  used_amount: number
  quota_limit: number | null
  remaining: number | null
  rolled_over: number
  granted_left: number
  held_amount: number
  overage_amount: number
  window_start: Date
  window_end: Date
}

/**
 * Where each counted feature of a subscription stands, in one statement and without a lock. A window that nobody opened
 * yet is shown as it would open; only where something rolls over it is opened, since what rolls over is moved then.
 */
export async function listUsageCounters(
  operations: Operations,
  { plans, customers }: Reads,
  subscription: Subscription,
  at: Date,
): Promise<FeatureUsage[]> {
  const plan = await plans.getVersion(subscription.planVersionId)
  const calendar = await quotaCalendarOf(customers, subscription)
  const present =
    calendar === null
      ? []
      : plan.features
          .filter((feature) => feature.type !== 'boolean')
          .map((feature) => quotaWindowAt(plan, feature, calendar, at))
  const read = () => readUsageCounters(operations, subscription, present, at)
  let rows = await read()
  const isRollingOver = (row: UsageCounterRow) =>
    !row.is_open &&
    present.some((each) => each.featureId === row.feature_id && each.rolloverMax > 0)
  if (calendar !== null && rows.some(isRollingOver)) {
    const { id: subscriptionId, planVersionId } = subscription
    const opening = { subscriptionId, planVersionId, now: at, at }
    await openQuotaWindows(operations, opening, quotaWindowsAt(plan, calendar, at))
    rows = await read()
  }
  return featuresOf(plan, rows)
}

/** Null until the subscription runs. */
export async function quotaCalendarOf(
  customers: CustomerRepository,
  { anchor, userId }: Subscription,
): Promise<QuotaCalendar | null> {
  if (anchor === null) return null
  const customer = await customers.find(userId)
  return { anchor, timeZone: customer?.timeZone ?? null }
}

const readUsageCounters = (
  operations: Operations,
  subscription: Subscription,
  present: readonly QuotaWindow[],
  at: Date,
): Promise<UsageCounterRow[]> =>
  operations.rows('usage_standings', {
    p_now: at,
    p_user: subscription.userId,
    p_subscription: subscription.id,
    p_features: present.map(({ featureId }) => featureId),
    p_starts: present.map(({ start }) => start),
    p_ends: present.map(({ end }) => end),
    p_limits: present.map(({ quotaLimit }) => quotaLimit),
  })

const featuresOf = (plan: PlanVersion, rows: readonly UsageCounterRow[]): FeatureUsage[] =>
  plan.features.map((feature) => {
    const row = rows.find((each) => each.feature_id === feature.featureId)
    return { feature, counter: row === undefined ? null : usageCounterFromRow(row) }
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
