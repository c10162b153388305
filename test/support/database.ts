import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { createPool, type Pooler } from '../../adapters/database/postgres/pool.ts'
import { createDatabaseRepositories } from '../../adapters/database/operations/repositories.ts'
import { createPostgresAccess } from '../../adapters/database/postgres/repositories.ts'
import { createRepositories, type DatabaseConfig } from '../../assembly/repositories.ts'
import { createSupabaseAccess } from '../../adapters/database/supabase/repositories.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { checkingOperations, describedOperations } from './checking-operations.ts'
import { groundOfThisRun, type Ground } from './ground.ts'
import { OWNER } from './roles.ts'
import { startTestSupabase, type TestSupabase } from './postgrest.ts'

export const TEMPLATE_DATABASE = 'perennial_template'

/** The implementation of the repositories under test: `vitest.config.ts` runs some files once for each. */
export const KIND =
  process.env['PERENNIAL_TEST_REPOSITORIES'] === 'supabase' ? 'supabase' : 'postgres'

export type TestDatabase = {
  readonly url: string
  readonly repositories: Repositories
  /** A direct Postgres connection, for setup and assertions. */
  readonly pool: pg.Pool
  /** The Supabase project over this database, if the repositories are Supabase's. */
  readonly supabase: TestSupabase | undefined
  /** The configuration for this database, with Postgres at another URL. */
  readonly configOver: (url: string, pooler?: Pooler) => DatabaseConfig
  /** The repositories of another process. */
  readonly another: () => Repositories
  readonly close: () => Promise<void>
}

/** A separate migrated and seeded database, cloned from the template; removed with its server after the run. */
export async function createDatabase(
  given: Partial<Pick<Ground, 'postgresUrl'>> & { readonly kind?: typeof KIND } = {},
): Promise<TestDatabase> {
  const { kind = KIND, postgresUrl = groundOfThisRun().postgresUrl } = given
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(
    postgresUrl,
    `create database ${name} template ${TEMPLATE_DATABASE} owner ${OWNER}`,
  )
  const url = urlOf(postgresUrl, name)
  const onError = ({ message }: Error) => console.error(message)
  const pool = createPool({
    databaseUrl: url,
    connectionsMax: 10,
    applicationName: 'test',
    onError,
  })
  const supabase = kind === 'supabase' ? await startTestSupabase(url) : undefined
  const configOver = (address: string, pooler: Pooler = 'none'): DatabaseConfig =>
    supabase === undefined
      ? { kind: 'postgres', url: address, connectionsMax: 10, pooler }
      : { kind: 'supabase', url: supabase.url, serviceRoleKey: supabase.serviceRoleKey }
  const another = () => createRepositories(configOver(url), { name: 'other', onError })
  const access =
    supabase === undefined ? createPostgresAccess(pool) : createSupabaseAccess(supabase)
  const operations = checkingOperations(access.operations, await describedOperations(pool))
  const repositories = createDatabaseRepositories({ ...access, operations }, {})
  return {
    url,
    repositories,
    pool,
    supabase,
    configOver,
    another,
    close: async () => {
      await repositories.close()
      if (supabase === undefined) return
      await supabase.close()
      await pool.end()
    },
  }
}

/** An empty database, as in a new deployment. */
export async function createEmptyDatabase(): Promise<{ url: string }> {
  const name = `empty_${randomUUID().replaceAll('-', '')}`
  const { postgresUrl } = groundOfThisRun()
  await administer(postgresUrl, `create database ${name}`)
  return { url: urlOf(postgresUrl, name) }
}

function urlOf(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return url.href
}

async function administer(postgresUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
