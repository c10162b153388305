import { sql, type Kysely } from 'kysely'
import { subscriptionId, type SubscriptionId } from '../../domain/ids.ts'
import type { UsageAlert, UsageAlertRepository } from '../../domain/usage-alert.ts'
import type { Database } from './schema.ts'

/** 1, 2, 4 … up to 60 seconds: telling twice costs a signal, and an outage may last. */
const AGAIN_MAX_SECONDS = 60

type AlertRow = {
  subscription_id: string
  feature_id: string
  code: string
  name: string
  window_start: Date
  window_end: Date
  threshold: number
  used_amount: number
  quota_limit: number
}

export function createUsageAlertRepository(db: Kysely<Database>): UsageAlertRepository {
  return {
    async claimDue(at, limit) {
      const { rows } = await sql<{ subscription_id: string }>`
        with due as (
          select subscription_id, feature_id, window_start, threshold from usage_alerts
          where state = 'pending' and due_at <= ${at} order by due_at limit ${limit} for update skip locked
        ), claimed as (
          update usage_alerts a set attempts = a.attempts + 1, due_at = ${at}::timestamptz
            + least(${AGAIN_MAX_SECONDS}, 2 ^ least(a.attempts, 10)) * interval '1 second'
          from due d
          where (a.subscription_id, a.feature_id, a.window_start, a.threshold)
            = (d.subscription_id, d.feature_id, d.window_start, d.threshold)
          returning a.subscription_id
        )
        select distinct subscription_id from claimed`.execute(db)
      return rows.map((row) => subscriptionId(row.subscription_id))
    },

    async listPending(id, limit) {
      const { rows } = await sql<AlertRow>`
        select a.subscription_id, a.feature_id, f.code, f.name, a.window_start, u.window_end, a.threshold,
          a.used_amount, a.quota_limit
        from usage_alerts a
        join features f on f.id = a.feature_id
        join feature_usage u using (subscription_id, feature_id, window_start)
        where a.subscription_id = ${id} and a.state = 'pending'
        order by a.crossed_at, a.feature_id, a.window_start, a.threshold
        limit ${limit}`.execute(db)
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

    async skip(id, reason) {
      await sql`
        update usage_alerts set state = 'skipped', last_error = ${reason}
        where subscription_id = ${id} and state = 'pending'`.execute(db)
    },
  }
}

/** Part of the transaction that tells it. */
export async function markAlertTold(db: Kysely<Database>, alert: UsageAlert): Promise<void> {
  await sql`
    update usage_alerts set state = 'told'
    where subscription_id = ${alert.subscriptionId satisfies SubscriptionId} and feature_id = ${alert.featureId}
      and window_start = ${alert.windowStart} and threshold = ${alert.threshold}`.execute(db)
}
