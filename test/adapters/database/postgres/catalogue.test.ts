import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../../../adapters/database/postgres/migrate.ts'
import { seed } from '../../../../adapters/database/postgres/seed.ts'
import {
  createDatabase,
  createEmptyDatabase,
  type TestDatabase,
} from '../../../support/database.ts'
import { getPlan } from '../../../support/rows.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

test('the seed publishes five plans, by rank', async () => {
  const plans = await database.repositories.plans.listActive()
  expect(plans.map((plan) => plan.slug)).toEqual([
    'plan_free',
    'plan_starter',
    'plan_pro_monthly',
    'plan_pro_yearly',
    'plan_enterprise',
  ])
})

test('a plan is found by slug and by id', async () => {
  const bySlug = await getPlan(database.repositories, 'plan_pro_monthly')
  expect(await database.repositories.plans.findActive(bySlug.planId)).toEqual(bySlug)
  expect(await database.repositories.plans.findActive('plan_gold')).toBeUndefined()
})

test('a published version and its features never change', async () => {
  const { id } = await getPlan(database.repositories, 'plan_pro_monthly')
  const refused = { code: '23514' }
  const run = (statement: string) => database.pool.query(statement, [id])
  await expect(run('update plan_versions set price_minor = 1 where id = $1')).rejects.toMatchObject(
    refused,
  )
  await expect(
    run('update plan_features set quota_limit = 1 where plan_version_id = $1'),
  ).rejects.toMatchObject(refused)
  await expect(run('delete from plan_features where plan_version_id = $1')).rejects.toMatchObject(
    refused,
  )
})

test('ten processes that migrate at the same time apply each migration once, and seeding again changes nothing', async () => {
  const empty = await createEmptyDatabase()
  const applied = await Promise.all(Array.from({ length: 10 }, () => migrate(empty.url)))
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
  const seeding = { databaseUrl: empty.url, now: new Date(), developmentKeys: false }
  await seed(seeding)
  await seed(seeding)
})
