import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../../../adapters/database/postgres/migrate.ts'
import { createPool } from '../../../../adapters/database/postgres/pool.ts'
import { createPostgresRepositories } from '../../../../adapters/database/postgres/repositories.ts'
import { seed } from '../../../../adapters/database/postgres/seed.ts'
import { createEmptyDatabase } from '../../../support/database.ts'
import { startTestPostgres, type TestPostgres } from '../../../support/embedded.ts'
import { storeActive } from '../../../support/rows.ts'

/** A separate server, because roles belong to a whole server. */
let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterAll(() => postgres.stop())

const AT = new Date('2026-01-31T10:00:00.000Z')

async function query(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Everything that users can reach in a database that grants them new objects by default. */
const REACHED = `
  select c.relname as name from pg_class c cross join (values ('anon'), ('authenticated')) as r(role)
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and has_table_privilege(r.role, c.oid, 'select, insert, update, delete')
  union
  select p.proname from pg_proc p cross join (values ('anon'), ('authenticated')) as r(role)
  where p.pronamespace = 'public'::regnamespace and p.proname <> 'requesting_user_id'
    and has_function_privilege(r.role, p.oid, 'execute')`

test('a Supabase project that grants users every new table grants them none of ours', async () => {
  const { url } = await createEmptyDatabase()
  await query(
    url,
    `alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
     alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
     alter default privileges in schema public grant all on sequences to anon, authenticated, service_role`,
  )
  await migrate(url)
  await query(url, `select ensure_usage_partitions('2031-01-01')`)
  expect((await query(url, REACHED)).rows).toEqual([])
})

test('an owner without the right to create roles can migrate and serve', async () => {
  await query(postgres.url, `create role owner login password 'owner'`)
  await query(postgres.url, 'create database owned owner owner')
  const url = new URL(postgres.url)
  Object.assign(url, { username: 'owner', password: 'owner', pathname: '/owned' })
  await migrate(url.href)
  await seed({ databaseUrl: url.href, now: AT, developmentKeys: false })
  expect(
    (await query(url.href, `select from pg_roles where rolname = 'service_role'`)).rowCount,
  ).toBe(0)
  const pool = createPool({
    databaseUrl: url.href,
    connectionsMax: 2,
    applicationName: 'owner',
    onError: (error) => console.error(error),
  })
  const repositories = createPostgresRepositories(pool)
  const { userId } = await storeActive(repositories, { at: AT })
  const [outcome] = await repositories.usage.consume(
    [{ userId, feature: 'messages_sent', key: 'one', amount: 1 }],
    AT,
  )
  expect(outcome).toMatchObject({ kind: 'allowed' })
  await repositories.close()
})
