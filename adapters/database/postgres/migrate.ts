import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { applyFunctions, createFunctionsForTables, functionFiles } from './function-files.ts'
import { baselineOf, carryOnLastBuild, isOfLastBuild } from './last-build.ts'

const MIGRATIONS = new URL('../../../migrations/', import.meta.url)
/** Any number, the same in all processes: the one that holds it migrates, the others wait and find nothing to do. */
const ADVISORY_LOCK = 5_318_008_001

const BOOKKEEPING = `
  create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null);
  create table if not exists schema_functions (name text primary key, hash text not null, applied_at timestamptz not null)`

/**
 * Brings the schema up to date: numbered migrations, each in a transaction of its own, then the functions whose text
 * changed, all in one. Running it twice applies nothing the second time; two at once wait for each other.
 *
 * @param report is called before each step with how many files are done.
 * @param migrations the folder that holds them.
 * @returns the files applied, as paths below that folder.
 * @throws Error that names the file, if one fails; migrations before it stay applied.
 * @throws Error if the last build before the first release left the database half migrated.
 */
export async function migrate(
  databaseUrl: string,
  report: (done: number, of: number) => void = () => undefined,
  migrations: URL = MIGRATIONS,
): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK])
    if (await isOfLastBuild(client))
      await carryOnLastBuild(client, BOOKKEEPING, await migrationNames(migrations))
    else await client.query(BOOKKEEPING)
    const { names, functions } = await pendingIn(client, migrations)
    const count = names.length + functions.length
    await createFunctionsForTables(client, functions)
    for (const [index, name] of names.entries()) {
      report(index, count)
      await applyMigration(client, name, migrations)
    }
    if (functions.length > 0) {
      report(names.length, count)
      await applyFunctions(client, functions)
    }
    await client.query('select ensure_usage_partitions(now())')
    // A PostgREST that serves this database reads the schema again; without one, this does nothing.
    await client.query(`notify pgrst, 'reload schema'`)
    return [...names, ...functions.map(({ path }) => path)]
  })
}

async function applyMigration(client: pg.Client, name: string, migrations: URL) {
  const statements = await readFile(new URL(name, migrations), 'utf8')
  try {
    await client.query('begin')
    await client.query(statements)
    await client.query('insert into schema_migrations (name, applied_at) values ($1, now())', [
      name,
    ])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`migration ${name} failed: ${String(cause)}`, { cause })
  }
}

/**
 * The files that `migrate` would apply, as paths below the folder of migrations. Changes nothing.
 * @throws Error if the last build before the first release left the database half migrated.
 */
export async function pendingMigrations(databaseUrl: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { names, functions } = await pendingIn(client, MIGRATIONS)
    return [...names, ...functions.map(({ path }) => path)]
  })
}

async function pendingIn(client: pg.Client, migrations: URL) {
  const [all, files] = await Promise.all([migrationNames(migrations), functionFiles(migrations)])
  const names = new Set(
    (await isOfLastBuild(client)) ? baselineOf(all) : await appliedNames(client),
  )
  const hashes = await appliedHashes(client)
  return {
    names: all.filter((name) => !names.has(name)),
    functions: files.filter(({ name, hash }) => hashes.get(name) !== hash),
  }
}

async function appliedNames(client: pg.Client): Promise<string[]> {
  if (!(await hasTable(client, 'schema_migrations'))) return []
  const { rows } = await client.query<{ name: string }>('select name from schema_migrations')
  return rows.map(({ name }) => name)
}

/** The hash of each function file as it was applied last, by its name. */
async function appliedHashes(client: pg.Client): Promise<Map<string, string>> {
  if (!(await hasTable(client, 'schema_functions'))) return new Map()
  const { rows } = await client.query<{ name: string; hash: string }>(
    'select name, hash from schema_functions',
  )
  return new Map(rows.map(({ name, hash }) => [name, hash]))
}

async function hasTable(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    'select to_regclass($1) is not null as exists',
    [name],
  )
  return rows[0]?.exists === true
}

const migrationNames = async (migrations: URL) =>
  (await readdir(migrations)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort()

async function withClient<T>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'perennial-migrate',
  })
  await client.connect()
  try {
    return await work(client)
  } finally {
    // Ending the session releases the lock.
    await client.end()
  }
}
