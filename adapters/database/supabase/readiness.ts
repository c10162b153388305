import type { Operations } from '../operations/port.ts'

/** The largest answer of an operation: a batch of usage, a page of subscriptions. */
const ROWS_MAX = 1_000

/**
 * Asks whether the database answers. The first time also whether PostgREST cuts answers short (`db-max-rows`), which it
 * would do without a word.
 */
export function createReadiness(operations: Operations): () => Promise<void> {
  let isWide = false
  return async () => {
    const wanted = isWide ? 1 : ROWS_MAX
    const rows = await operations.rows('count_rows', { p_count: wanted })
    if (rows.length < wanted)
      throw new Error(
        `PostgREST answers at most ${rows.length} rows, and ${ROWS_MAX} are needed: raise max rows (db-max-rows)`,
      )
    isWide = true
  }
}
