import type { HistoryBucket, HistoryQuestion } from '../../../domain/usage/history.ts'
import type { Operations } from './port.ts'

/** A user's ledger of one feature, summed by buckets of time. Empty buckets are included. */
export async function readUsageHistory(
  operations: Operations,
  { userId, feature, from, to, bucket, timeZone }: HistoryQuestion,
): Promise<HistoryBucket[]> {
  const rows = await operations.rows('usage_history', {
    p_user: userId,
    p_feature: feature,
    p_from: from,
    p_to: to,
    p_bucket: bucket,
    p_time_zone: timeZone,
  })
  return rows.map((row) => ({
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    usedAmount: row.used_amount,
    overageAmount: row.overage_amount,
    events: row.event_count,
  }))
}
