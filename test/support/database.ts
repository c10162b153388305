import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { createPool } from '../../adapters/postgres/pool.ts'
import { createPostgresRepositories } from '../../adapters/postgres/repositories.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { groundOfThisRun, type Ground } from './ground.ts'

export const TEMPLATE_DATABASE = 'perennial_template'

export type TestDatabase = {
  readonly url: string
  readonly repositories: Repositories
  readonly pool: pg.Pool
  readonly close: () => Promise<void>
}

/** A migrated and seeded database of its own, cloned from the template; it goes with its server after the run. */
export async function createDatabase(
  { postgresUrl }: Pick<Ground, 'postgresUrl'> = groundOfThisRun(),
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(postgresUrl, `create database ${name} template ${TEMPLATE_DATABASE}`)
  const url = urlOf(postgresUrl, name)
  const pool = createPool({
    databaseUrl: url,
    connectionsMax: 10,
    applicationName: 'test',
    onError: (error) => console.error(error),
  })
  const repositories = createPostgresRepositories(pool)
  return {
    url,
    repositories,
    pool,
    close: repositories.close,
  }
}

/** An empty database, as a new deployment has it. */
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
