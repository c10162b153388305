import { REFUSALS, type Counter, type Refusal } from '../../../domain/usage/usage.ts'
import { violates } from '../../failures/database.ts'
import type { RowOf } from './port.ts'

/** The counter of a decision. All null if the decision was made before a counter was read. */
type CounterRow = Pick<
  RowOf<'consume_usage'>,
  'used_amount' | 'quota_limit' | 'remaining' | 'window_start' | 'window_end'
>

/** The counter of a decision; null if the decision was made before one was read. */
export function counterFromRow(row: CounterRow): Counter | null {
  if (row.used_amount === null || row.window_start === null || row.window_end === null) return null
  return {
    usedAmount: row.used_amount,
    quotaLimit: row.quota_limit,
    remaining: row.remaining,
    windowStart: row.window_start,
    windowEnd: row.window_end,
  }
}

/** @throws RangeError for an unknown reason: the SQL function is of another version than this code. */
export function refusalFrom(reason: string | null): Refusal {
  const known = REFUSALS.find((each) => each === reason)
  if (known === undefined) throw new RangeError(`unknown reason to refuse usage: ${reason}`)
  return known
}

/** Whether an idempotency key exists already. Each partition has its own primary key: `usage_events_2026_11_pkey`. */
export const isKeyCollision = (error: unknown) =>
  error instanceof Error &&
  'constraint' in error &&
  violates(error, String(error.constraint)) &&
  /^usage_events_\w+_pkey$/.test(String(error.constraint))
