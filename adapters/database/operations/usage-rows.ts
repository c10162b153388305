import { REFUSALS, type Counter, type Refusal } from '../../../domain/usage/usage.ts'
import { violates } from '../errors.ts'

/** The part of a decision that shows its counter; null where none was reached. */
export type CounterRow = {
  used_amount: number | null
  quota_limit: number | null
  remaining: number | null
  window_start: Date | null
  window_end: Date | null
}

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

/** @throws RangeError for a reason that is none of ours: function and code would not be of one version. */
export function refusalFrom(reason: string | null): Refusal {
  const known = REFUSALS.find((each) => each === reason)
  if (known === undefined) throw new RangeError(`not a reason to refuse usage: ${reason}`)
  return known
}

/** The name of the primary key ends alike in each partition: `usage_events_2026_11_pkey`. */
export const isKeyCollision = (error: unknown) =>
  error instanceof Error &&
  'constraint' in error &&
  violates(error, String(error.constraint)) &&
  /^usage_events_\w+_pkey$/.test(String(error.constraint))
