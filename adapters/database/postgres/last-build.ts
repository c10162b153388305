import type pg from 'pg'

/** Before the first release the schema grew in 49 migrations, which the numbered files up to this one replace. */
const BASELINE_ENDS_WITH = '0010_access.sql'
const LAST_BUILD = { migrations: 49, last: '0079_giving_back_tells_no_threshold.sql' }

/**
 * Whether the last build before the first release made this database. It kept no record of functions.
 * @throws Error if that build left it half migrated.
 */
export async function isOfLastBuild(client: pg.ClientBase): Promise<boolean> {
  const { rows: tables } = await client.query<{ may_be: boolean }>(
    `select to_regclass('schema_migrations') is not null and to_regclass('schema_functions') is null as may_be`,
  )
  if (tables[0]?.may_be !== true) return false
  const { rows } = await client.query<{ name: string }>('select name from schema_migrations')
  const has = (name: string) => rows.some((row) => row.name === name)
  if (rows.length === 0) return false
  if (rows.length === LAST_BUILD.migrations && has(LAST_BUILD.last)) return true
  throw new Error(
    `This database has only ${rows.length} of the ${LAST_BUILD.migrations} migrations of the last build before the first release. ` +
      'Run `perennial migrate` of that build first, or start with an empty database.',
  )
}

/** The migrations whose tables a database of the last build has already. */
export const baselineOf = (migrations: readonly string[]): string[] =>
  migrations.filter((name) => name <= BASELINE_ENDS_WITH)

/** Records that a database of the last build has the tables of the baseline; its data and tables stay as they are. */
export async function carryOnLastBuild(
  client: pg.ClientBase,
  bookkeeping: string,
  migrations: readonly string[],
): Promise<void> {
  await client.query('begin')
  try {
    await client.query(bookkeeping)
    await client.query(`select close_table('schema_functions')`)
    await client.query('delete from schema_migrations')
    await client.query(
      'insert into schema_migrations (name, applied_at) select name, now() from unnest($1::text[]) as name',
      [baselineOf(migrations)],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
