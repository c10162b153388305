import { subscriptionId } from '../../../domain/ids.ts'
import type { UsageAlertRepository } from '../../../domain/usage/alert.ts'
import type { Operations } from './port.ts'

/** Reached thresholds, in the table `usage_alerts`. */
export function createUsageAlertRepository(operations: Operations): UsageAlertRepository {
  return {
    async claimDue(at, limit) {
      const rows = await operations.rows('claim_usage_alerts', {
        p_now: at,
        p_limit: limit,
      })
      return rows.map((row) => subscriptionId(row.subscription_id))
    },

    async listPending(id, limit) {
      const rows = await operations.rows('list_usage_alerts', {
        p_subscription: id,
        p_limit: limit,
      })
      return rows.map((row) => ({
        subscriptionId: subscriptionId(row.subscription_id),
        featureId: row.feature_id,
        feature: row.code,
        featureName: row.name,
        windowStart: row.window_start,
        windowEnd: row.window_end,
        threshold: row.threshold,
        usedAmount: row.used_amount,
        quotaLimit: row.quota_limit,
      }))
    },

    skip: (id, reason) =>
      operations.run('skip_usage_alerts', { p_subscription: id, p_reason: reason }),
  }
}
