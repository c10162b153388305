import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

const MIGRATIONS = new URL('../../../migrations/', import.meta.url)
/** Any number, the same in all processes: whoever holds it migrates, the others wait and find nothing to do. */
const ADVISORY_LOCK = 5_318_008_001

/**
 * Brings the schema up to date, each migration in a transaction of its own, and answers the names of those applied.
 * Running it twice applies nothing the second time; two at once wait for each other.
 *
 * @param report is told before each how many are done.
 * @throws with the migration's name when one fails; those before it stay applied.
 */
export async function migrate(
  databaseUrl: string,
  report: (done: number, of: number) => void = () => undefined,
): Promise<string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'perennial-migrate',
  })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK])
    await client.query(
      'create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null)',
    )
    const pending = await pendingIn(client)
    for (const [index, name] of pending.entries()) {
      report(index, pending.length)
      await applyMigration(client, name)
    }
    await client.query('select ensure_usage_partitions(now())')
    // A PostgREST that serves this database reads the schema anew; where there is none, nobody hears it.
    await client.query(`notify pgrst, 'reload schema'`)
    return pending
  } finally {
    // Ending the session releases the lock.
    await client.end()
  }
}

async function applyMigration(client: pg.Client, name: string) {
  const statements = await readFile(new URL(name, MIGRATIONS), 'utf8')
  try {
    await client.query('begin')
    await client.query(statements)
    await client.query('insert into schema_migrations (name, applied_at) values ($1, now())', [
      name,
    ])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(
      `migration ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    )
  }
}

/** The names of migrations that a database has not seen, in order. Changes nothing. */
export async function pendingMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'perennial-migrate',
  })
  await client.connect()
  try {
    const { rows } = await client.query<{ exists: boolean }>(
      `select to_regclass('schema_migrations') is not null as exists`,
    )
    return rows[0]?.exists === true ? await pendingIn(client) : await migrationNames()
  } finally {
    await client.end()
  }
}

const migrationNames = async () =>
  (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()

async function pendingIn(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from schema_migrations')
  const applied = new Set(rows.map((row) => row.name))
  return (await migrationNames()).filter((name) => !applied.has(name))
}
