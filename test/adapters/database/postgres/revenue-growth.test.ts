import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { storeActive } from '../../../support/rows.ts'

const AT = new Date('2027-01-10T12:00:00Z')
const ENTRIES = 50_000

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

type Plan = { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number }

test('the movements of revenue in a month read the entries of that month, not the whole timeline', async () => {
  const { id } = await storeActive(database.repositories, { at: AT })
  await database.pool.query(
    `insert into subscription_changes (subscription_id, seq, at, actor, kind, before, after, cause)
     select $1, 1000 + n, $2::timestamptz + n * interval '20 minutes', 'stripe', 'renewed', '{}', '{}', 'test'
     from generate_series(1, $3) n`,
    [id, AT, ENTRIES],
  )
  await database.pool.query('vacuum analyze subscription_changes')
  const { rows: size } = await database.pool.query<{ pages: number }>(
    `select relpages as pages from pg_class where oid = 'subscription_changes'::regclass`,
  )
  const movements = `select * from mrr_movements('2028-01-01', '2028-02-01')`
  // The first call also reads Postgres's own tables, to plan the query.
  await database.pool.query(movements)
  const { rows } = await database.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (analyze, buffers, format json) ${movements}`,
  )
  const plan = rows[0]!['QUERY PLAN'][0].Plan
  const read = plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
  expect(read).toBeLessThan(size[0]!.pages / 2)
})
