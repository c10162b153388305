import { hasAccess } from '../../../domain/subscription/access.ts'
import {
  fits,
  type CheckOutcome,
  type Refusal,
  type UsageQuestion,
} from '../../../domain/usage/usage.ts'
import { subscriptionFromRow } from '../tables/subscription-rows.ts'
import { findSwitch } from './feature-switches.ts'
import type { Operations } from './port.ts'
import { listUsageCounters } from './usage-counters.ts'
import type { UsageReads } from './usage-windows.ts'

/** The decision of `consume_usage`, read without a lock. Nothing is counted. */
export async function checkUsage(
  operations: Operations,
  reads: UsageReads,
  question: UsageQuestion,
  at: Date,
): Promise<CheckOutcome> {
  const [row] = await operations.rows('find_subscription_for_usage', {
    p_user: question.userId,
    p_feature: question.feature,
  })
  if (row === undefined) return refused('no_subscription')
  const subscription = subscriptionFromRow(row)
  const usage = await listUsageCounters(operations, reads, subscription, at)
  const found = usage.find(({ feature }) => feature.code === question.feature)
  if (found === undefined || found.feature.type === 'boolean') {
    const isOn = await findSwitch(operations, question.feature, { userId: question.userId, at })
    return refused((isOn ?? found !== undefined) ? 'feature_not_countable' : 'feature_not_in_plan')
  }
  if (!hasAccess(subscription.accessUntil, at) || found.counter === null)
    return refused('no_access')
  return fits(found.counter, question.amount, found.feature.overage)
    ? { kind: 'allowed', counter: found.counter }
    : { kind: 'refused', reason: 'quota_exceeded', counter: found.counter }
}

const refused = (reason: Refusal): CheckOutcome => ({ kind: 'refused', reason, counter: null })
