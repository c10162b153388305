import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aStripeEvent } from '../../../support/stripe-event.ts'
import { A_POLICY, storeActive } from '../../../support/rows.ts'

const POLICY = { ...A_POLICY, usageMonths: 3 }
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const partitions = async () => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'usage_events'::regclass order by 1`,
  )
  return rows.map(({ name }) => name)
}
const tidy = (at: string, usageMonths: number | null = POLICY.usageMonths) =>
  database.repositories.retention.tidy({ ...POLICY, usageMonths }, new Date(at))

test('old months are dropped, coming ones exist, and every counter is still the sum of its ledger', async () => {
  const { usage } = database.repositories
  const { userId } = await storeActive(database.repositories, {
    at: new Date('2031-01-10T00:00:00Z'),
  })
  const ask = (feature: string, amount: number, at: string) =>
    usage.consume([{ userId, feature, key: randomUUID(), amount }], new Date(at))
  for (let month = 1; month <= 9; month++) {
    const at = `2031-0${month}-15T00:00:00Z`
    await tidy(at, null)
    await ask('messages_sent', month, at)
    await ask('seats', 1, at)
    if (month % 2 === 0) await ask('seats', -1, at)
  }
  const before = await partitions()
  const done = await tidy('2031-09-15T00:00:00Z')
  // The partitions of the template database are older still.
  expect(done?.partitions.filter((name) => name.includes('_2031_'))).toEqual(
    [1, 2, 3, 4, 5].map((month) => `usage_events_2031_0${month}`),
  )
  expect(before.filter((name) => !done?.partitions.includes(name))).toEqual(await partitions())
  expect(await partitions()).toContain('usage_events_2031_11')
  expect(await audit(database.url)).toEqual([])
  const question = { userId, feature: 'seats', amount: 1 }
  expect(await usage.check([question], new Date('2031-09-16T00:00:00Z'))).toMatchObject([
    { counter: { usedAmount: 1 } },
  ])
  const again = await tidy('2031-09-15T00:00:00Z')
  expect(again?.partitions).toEqual([])
  const { rows } = await database.pool.query(
    `select count(*)::int as count from usage_events where is_carried`,
  )
  // The seat, and the windows of April and May, whose late events could arrive until June.
  expect(rows).toEqual([{ count: 3 }])
})

test('stored responses and payloads are deleted at their age, except those still in use', async () => {
  const at = new Date('2031-09-15T00:00:00Z')
  const old = new Date('2031-08-15T00:00:00Z')
  await database.pool.query(
    `insert into idempotency_keys values ('a', 'old', 'x', 200, '{}', $1), ('a', 'new', 'x', 200, '{}', $2)`,
    [old, at],
  )
  await database.pool.query(
    `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, payload, state, due_at)
     select 'a', false, e, 't', $1, $1, '{}', '{}', s, $1 from (values ('done', 'done'), ('open', 'received')) as v(e, s)`,
    [old],
  )
  expect(await tidy(at.toISOString())).toMatchObject({ idempotencyKeys: 1, payloads: 1 })
  const { rows } = await database.pool.query(
    `select event_id from stripe_events where payload is not null`,
  )
  expect(rows).toEqual([{ event_id: 'open' }])
})

test('a done event is deleted long after Stripe may resend it, a batch at a time', async () => {
  const at = new Date('2033-01-15T00:00:00Z')
  const daysAgo = (days: number) => new Date(at.getTime() - days * 86_400_000)
  const { stripeEvents } = database.repositories
  await database.pool.query(
    `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, state, due_at)
     select 'b', false, 'evt_old_' || n, 't', $1, $1, '{}', 'done', $1 from generate_series(1, 5001) n`,
    [daysAgo(401)],
  )
  await database.pool.query(
    `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, state, reason, due_at)
     select 'b', false, e, 't', a, a, '{}', s, r, a from (values
       ('evt_young', 'done', null, $1::timestamptz), ('evt_parked', 'parked', 'odd', $2), ('evt_open', 'received', null, $2)
     ) as v(e, s, r, a)`,
    [daysAgo(399), daysAgo(401)],
  )
  const { rows: before } = await database.pool.query(
    `select count(*)::int as done from stripe_events where state = 'done' and received_at < $1`,
    [daysAgo(400)],
  )
  expect(before[0].done).toBeGreaterThan(5_000)
  expect(await tidy(at.toISOString())).toMatchObject({ stripeEvents: before[0].done })
  const { rows } = await database.pool.query(
    `select event_id from stripe_events where account = 'b' order by 1`,
  )
  expect(rows.map(({ event_id }) => event_id)).toEqual(['evt_open', 'evt_parked', 'evt_young'])
  const young = await stripeEvents.record(aStripeEvent(at, { account: 'b', eventId: 'evt_young' }))
  expect(young).toBe('repeated')
})

test('one of several workers runs retention', async () => {
  const other = await database.pool.connect()
  await other.query('begin; select pg_advisory_xact_lock(5318008002)')
  expect(await tidy('2031-09-15T00:00:00Z')).toBeUndefined()
  await other.query('commit')
  other.release()
  expect(await tidy('2031-09-15T00:00:00Z')).toBeDefined()
})

test('decisions stay for ever without a limit, and are deleted at their age with one', async () => {
  const { id } = await storeActive(database.repositories, { at: new Date('2031-01-10T00:00:00Z') })
  await database.pool.query(
    `insert into decisions (subscription_id, seq, at, rule, build, body)
     select $1, s, d, 'renewal', 'test', '' from (values (101, '2031-08-01Z'::timestamptz), (102, '2031-09-10Z')) as v(s, d)`,
    [id],
  )
  const at = new Date('2031-09-15T00:00:00Z')
  const forget = async (decisionDays: number | null) => {
    await database.repositories.retention.tidy({ ...A_POLICY, decisionDays }, at)
    const { rows } = await database.pool.query<{ seq: number }>(
      'select seq::int from decisions where subscription_id = $1 order by 1',
      [id],
    )
    return rows.map(({ seq }) => seq)
  }
  expect(await forget(null)).toEqual([101, 102])
  expect(await forget(30)).toEqual([102])
  expect(await forget(30)).toEqual([102])
})
