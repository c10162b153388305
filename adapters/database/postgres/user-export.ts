import pg from 'pg'
import { HELD } from './personal-data.ts'

/** Rows in memory at the same time. The ledger of a busy customer has millions. */
const PAGE_ROWS = 1_000

/**
 * All rows of a user, read in one snapshot.
 * @returns lines of JSON, `{"table": …, "row": {…}}`; none for an unknown user.
 */
export async function* exportUser(databaseUrl: string, userId: string): AsyncGenerator<string> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'perennial-user',
  })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    for (const [table, { rows }] of Object.entries(HELD)) {
      await client.query(
        `declare of_user no scroll cursor for select to_jsonb(r)::text as row from (${rows}) r`,
        [userId],
      )
      for (;;) {
        const page = await client.query<{ row: string }>(`fetch ${PAGE_ROWS} from of_user`)
        for (const { row } of page.rows) yield `{"table":${JSON.stringify(table)},"row":${row}}`
        if (page.rows.length < PAGE_ROWS) break
      }
      await client.query('close of_user')
    }
    await client.query('commit')
  } finally {
    await client.end()
  }
}
