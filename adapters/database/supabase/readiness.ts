import type { Operations } from '../operations/port.ts'

/** The largest reply of an operation: a batch of usage, a page of subscriptions. */
const ROWS_MAX = 1_000

/**
 * Creates a check that the database answers. The first successful check also verifies that PostgREST does not truncate
 * replies (`db-max-rows`), which it does without an error.
 * @see https://docs.postgrest.org/en/stable/references/configuration.html#db-max-rows
 */
export function createReadiness(operations: Operations): () => Promise<void> {
  let isChecked = false
  return async () => {
    const wanted = isChecked ? 1 : ROWS_MAX
    const rows = await operations.rows('count_rows', { p_count: wanted })
    if (rows.length < wanted)
      throw new Error(
        `PostgREST returns at most ${rows.length} rows, and ${ROWS_MAX} are needed: raise max rows (db-max-rows)`,
      )
    isChecked = true
  }
}
