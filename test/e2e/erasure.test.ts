import { WorkflowNotFoundError } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eraseUser } from '../../sync/erase-user.ts'
import { HELD, IMPERSONAL } from '../../adapters/database/postgres/personal-data.ts'
import { exportUser } from '../../adapters/database/postgres/user-export.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { createWorld, type World } from '../support/world.ts'

/** The cluster deletes histories in the background, with low priority. */
const DELETED_MS = 120_000

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const erase = (user: string) =>
  eraseUser(
    {
      databaseUrl: world.database.url,
      stripe: world.stripe,
      temporal: world.container.temporal.client,
    },
    user,
    world.clock.now(),
  )

const operate = (method: string, path: string, body: object) =>
  world.call(method, path, { body, headers: { authorization: 'Bearer bk_dev_operator' } })

async function tables(): Promise<string[]> {
  const { rows } = await world.database.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** Tables that contain any of these words, in any column. */
async function tablesThatSay(...words: string[]): Promise<string[]> {
  const found: string[] = []
  for (const table of await tables()) {
    const { rows } = await world.database.pool.query(
      `select from ${table} t where t::text ~ any ($1) limit 1`,
      [words],
    )
    if (rows.length > 0) found.push(table)
  }
  return found
}

/** A user who bought, used the feature, got a grant from an operator, and canceled. */
async function formerCustomer(): Promise<Customer> {
  const life = await subscribe(world, 'plan_pro_monthly')
  await life.consume(5)
  const reason = `${life.email} asked for it`
  const given = [
    await operate('POST', '/admin/grants', {
      user_id: life.user,
      feature: 'messages_sent',
      amount: 10,
      reason,
    }),
    await operate('PUT', `/admin/users/${life.user}/overrides/messages_sent`, {
      quota_limit: 9_999,
      reason,
    }),
    await operate('PUT', `/admin/users/${life.user}/plans/plan_enterprise`, {
      period: 'monthly',
      price: { amount_minor: 99_900, currency: 'usd' },
      features: [{ code: 'messages_sent' }],
      reason,
    }),
  ]
  expect(given.map(({ status, body }) => (status < 300 ? 'given' : body))).toEqual([
    'given',
    'given',
    'given',
  ])
  await life.ask('PUT', '/cancellation', { when: 'now' })
  await world.settled()
  return life
}

async function isInTemporal(id: string): Promise<boolean> {
  try {
    await world.container.temporal.client.workflow.getHandle(`subscription/${id}`).describe()
    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

async function linesOf(user: string) {
  const lines: { readonly table: string; readonly row: Record<string, unknown> }[] = []
  for await (const line of exportUser(world.database.url, user)) lines.push(JSON.parse(line))
  return lines
}

describe('a user who left', () => {
  test('exports everything that is stored about them', async () => {
    const life = await formerCustomer()
    const lines = await linesOf(life.user)
    const said = new Set(lines.map(({ table }) => table))
    const spoken = await tablesThatSay(life.user, life.email, life.id)
    expect(spoken.filter((table) => !said.has(table))).toEqual([])
    expect(lines.find(({ table }) => table === 'customers')?.row['email']).toBe(life.email)
    expect(await linesOf('nobody')).toEqual([])
  })

  test(
    'is erased everywhere, including the events from Stripe',
    { timeout: 2 * DELETED_MS },
    async () => {
      const life = await formerCustomer()
      const customer = (await life.stripe()).customer as string
      const cardEnd = 'card-ending-in-4242'
      const content = { card: { last4: cardEnd, validUntil: '', missed: '' } } as never
      await world.container.repositories.letters.write(
        subscriptionId(life.id),
        [{ key: `card/${cardEnd}`, kind: 'card_expiring', content }],
        world.clock.now(),
      )
      expect(await tablesThatSay(cardEnd)).toEqual(['notices'])
      expect(await erase(life.user)).toMatchObject({ kind: 'erased', rows: { subscriptions: 1 } })
      await world.settled()
      expect(await tablesThatSay(life.user, life.email, cardEnd)).toEqual([])
      expect(await world.stripe.customers.retrieve(customer)).toMatchObject({ deleted: true })
      await until('its history is deleted', async () => !(await isInTemporal(life.id)), DELETED_MS)
      expect(await erase(life.user)).toEqual({ kind: 'unknown' })
    },
  )

  test('leaves correct sums, and may return as a new user', async () => {
    const life = await formerCustomer()
    await world.database.pool.query(`select sum_usage($1, 'messages_sent', 'infinity', 100)`, [
      life.user,
    ])
    const sumsOf = (id: string) =>
      world.database.pool.query('select from usage_sums where subscription_id = $1', [id])
    expect((await sumsOf(life.id)).rowCount).toBe(1)
    await erase(life.user)
    expect((await sumsOf(life.id)).rowCount).toBe(0)
    const { rows } = await world.database.pool.query(
      `select sum(e.amount)::int as used, min(s.user_id) as owner from usage_events e
       join subscriptions s on s.id = e.subscription_id where s.id = $1`,
      [life.id],
    )
    expect(rows[0]).toEqual({ used: 5, owner: expect.stringMatching(/^erased\//) })
    const { body } = await world.call('POST', '/subscriptions/checkout', {
      user: life.user,
      body: { plan_id: 'plan_free' },
    })
    expect(body.status).toBe('active')
    expect(body.subscription_id).not.toBe(life.id)
  })
})

test('a user with a running subscription is not erased, and none of their data changes', async () => {
  const life = await subscribe(world, 'plan_free')
  expect(await erase(life.user)).toEqual({ kind: 'live', subscriptionIds: [life.id] })
  expect((await life.read()).status).toBe('active')
})

test('a repeat completes an erasure that a crash interrupted', async () => {
  const life = await formerCustomer()
  const customer = (await life.stripe()).customer as string
  await world.stripe.customers.del(customer)
  await world.settled()
  expect(await erase(life.user)).toMatchObject({ kind: 'erased' })
})

test('each table is listed as holding data of users or not', async () => {
  expect([...Object.keys(HELD), ...IMPERSONAL].toSorted()).toEqual(await tables())
})
