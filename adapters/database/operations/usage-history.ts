import type { HistoryBucket, HistoryQuestion } from '../../../domain/usage/history.ts'
import type { Operations } from './port.ts'

/** Entries of the ledger that one statement reads: about 30 ms of the database. */
const LEDGER_ROWS_MAX = 20_000
/** Entries that one statement sums. The counter is locked meanwhile, so this is less. */
const SUMMED_ROWS_MAX = 10_000
/** Statements of one call that sum: a million entries, about two seconds. */
const SUMS_MAX = 100
/**
 * The latest usage is left in the ledger. Usage that occurred before the last sum is counted more slowly, so this is more than
 * clocks of processes differ, and than most events are late.
 */
const UNSUMMED_MS = 60_000

/**
 * A user's usage of one feature by buckets of time. Empty buckets are included.
 *
 * Most of a large ledger is read from its sums. Entries that nobody summed yet are summed here first, once for all later calls, so
 * each statement takes a bounded time.
 *
 * @returns `unsummed` if more is to be summed than one call may do. The next call continues.
 */
export async function readUsageHistory(
  operations: Operations,
  question: HistoryQuestion,
  at: Date,
): Promise<HistoryBucket[] | 'unsummed'> {
  const read = await readBuckets(operations, question, LEDGER_ROWS_MAX)
  if (read.length > 0) return read
  const sum = {
    p_user: question.userId,
    p_feature: question.feature,
    p_until: new Date(at.getTime() - UNSUMMED_MS),
    p_rows: SUMMED_ROWS_MAX,
  }
  for (let count = 0; await operations.value('sum_usage', sum); count++)
    if (count === SUMS_MAX) return 'unsummed'
  // The rest was accepted within the last minute.
  return readBuckets(operations, question, 2 ** 31 - 1)
}

/** @returns no bucket if the ledger has more entries to read than `rowsMax`. */
async function readBuckets(
  operations: Operations,
  { userId, feature, from, to, bucket, timeZone }: HistoryQuestion,
  rowsMax: number,
): Promise<HistoryBucket[]> {
  const rows = await operations.rows('usage_history', {
    p_user: userId,
    p_feature: feature,
    p_from: from,
    p_to: to,
    p_bucket: bucket,
    p_time_zone: timeZone,
    p_rows: rowsMax,
  })
  return rows.map((row) => ({
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    usedAmount: row.used_amount,
    overageAmount: row.overage_amount,
    events: row.event_count,
  }))
}
