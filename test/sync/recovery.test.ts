import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../adapters/database/postgres/audit.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** All tables with rows of their own; partitions are written through their parent. */
const TABLES = `select c.relname as name from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname not like 'schema_%'`
const tables = async () =>
  (await world.database.pool.query<{ name: string }>(TABLES)).rows.map(({ name }) => name)

/** Keeps a copy of every table, as a dump would. */
async function dump(): Promise<void> {
  await world.database.pool.query('create schema dump')
  for (const name of await tables())
    await world.database.pool.query(`create table dump.${name} as table public.${name}`)
}

/** Puts every table back as it was, in one transaction. */
async function restore(): Promise<void> {
  const names = await tables()
  const client = await world.database.pool.connect()
  try {
    await client.query('begin')
    await client.query('set local session_replication_role = replica')
    await client.query(`truncate ${names.join(', ')}`)
    for (const name of names) {
      const { rows } = await client.query<{ columns: string }>(
        `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
        [`public.${name}`],
      )
      const columns = rows[0]!.columns
      await client.query(
        `insert into public.${name} (${columns}) overriding system value select ${columns} from dump.${name}`,
      )
    }
    await client.query('commit')
  } finally {
    client.release()
  }
}

const OPERATOR = { authorization: 'Bearer bk_dev_operator' }
async function openFindings() {
  const { body } = await world.call('GET', '/admin/drift?state=open', { headers: OPERATOR })
  return (body.findings as { kind: string; subscription_id: string | null }[]).map((each) => [
    each.kind,
    each.subscription_id,
  ])
}
async function recover(dryRun = false) {
  const { reconciliations } = world.container
  const started = await reconciliations.recover({
    cause: 'test',
    scope: 'recover',
    dryRun,
    repairsMax: 1_000,
  })
  const report = await reconciliations.result(started.workflowId)
  await world.settled()
  return report
}
const invoices = async ({ user }: Customer) =>
  (await world.call('GET', '/invoices', { user })).body.invoices as unknown[]

test('after a restore of Postgres, what was sold and changed since is here again, and a person gets the rest as a list', async () => {
  const stayer = await subscribe(world, 'plan_pro_monthly')
  const leaver = await subscribe(world, 'plan_pro_monthly')
  const grower = await subscribe(world, 'plan_free')
  await dump()
  const buyer = await subscribe(world, 'plan_pro_monthly')
  const freeling = await subscribe(world, 'plan_free')
  await subscribe(world, 'plan_pro_monthly', { user: grower.user })
  await leaver.ask('PUT', '/cancellation', { when: 'now' })
  const paid = await invoices(buyer)
  await restore()
  expect((await world.call('GET', '/subscriptions/current', { user: buyer.user })).status).toBe(404)

  // Without a recovery it is a sale of another deployment that uses the same account.
  const { reconciliations } = world.container
  const usual = { cause: 'test', scope: 'all', dryRun: false, repairsMax: 1_000 } as const
  await reconciliations.result(await reconciliations.start(usual))
  await world.settled()
  expect(await openFindings()).toEqual([['foreign_subscription', null]])
  await recover(true)
  expect((await world.call('GET', '/subscriptions/current', { user: buyer.user })).status).toBe(404)
  await recover()
  expect(await buyer.read()).toMatchObject({
    id: buyer.id,
    status: 'active',
    plan: { slug: 'plan_pro_monthly' },
    has_access: true,
  })
  expect(await world.container.workflows.isRunning(buyer.id)).toBe(true)
  expect(await buyer.consume(1)).toMatchObject({ outcome: 'allowed', quota_limit: 10_000 })
  expect(await invoices(buyer)).toEqual(paid)
  const again = await world.call('POST', '/subscriptions/checkout', {
    user: buyer.user,
    body: { plan_id: 'plan_pro_monthly' },
  })
  expect(again).toMatchObject({ status: 409, body: { code: 'subscription_exists' } })
  expect(await grower.read()).toMatchObject({ plan: { slug: 'plan_pro_monthly' } })
  expect(await leaver.read()).toMatchObject({ status: 'canceled' })
  expect(await stayer.read()).toMatchObject({ status: 'active' })
  expect(await openFindings()).toEqual([['no_row', freeling.id]])

  expect(await recover()).toMatchObject({ found: 1, repaired: 0 })
  expect(await audit(world.database.url)).toEqual([])
  await buyer.ask('PUT', '/cancellation', { when: 'now' })
  expect(await buyer.stripe()).toMatchObject({ status: 'canceled' })
})

test('a second recovery at the same time is refused', async () => {
  const { reconciliations } = world.container
  const input = { cause: 'test', scope: 'recover', dryRun: true, repairsMax: 0 } as const
  const both = await Promise.all([reconciliations.recover(input), reconciliations.recover(input)])
  expect(both.map(({ kind }) => kind).toSorted()).toEqual(['running', 'started'])
  await reconciliations.result(both[0].workflowId)
})
