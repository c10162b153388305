import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../adapters/postgres/audit.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { storeActive } from '../support/rows.ts'

const POLICY = { usageMonths: 3, idempotencyDays: 30, payloadDays: 30, webhookDays: 30 }
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

test('old months go, the coming ones are there, and every counter is still the sum of its ledger', async () => {
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
  // Those that the template was made with are older still.
  expect(done?.partitions.filter((name) => name.includes('_2031_'))).toEqual(
    [1, 2, 3, 4, 5].map((month) => `usage_events_2031_0${month}`),
  )
  expect(before.filter((name) => !done?.partitions.includes(name))).toEqual(await partitions())
  expect(await partitions()).toContain('usage_events_2031_11')
  expect(await audit(database.url)).toEqual([])
  const question = { userId, feature: 'seats', amount: 1 }
  expect(await usage.check(question, new Date('2031-09-16T00:00:00Z'))).toMatchObject({
    counter: { usedAmount: 1 },
  })
  const again = await tidy('2031-09-15T00:00:00Z')
  expect(again?.partitions).toEqual([])
  const { rows } = await database.pool.query(
    `select count(*)::int as count from usage_events where is_carried`,
  )
  // The seat, and the windows of April and May, whose events may have come until June.
  expect(rows).toEqual([{ count: 3 }])
})

test('answers and payloads go at their age, what is not done yet stays', async () => {
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

test('of several workers one does it', async () => {
  const other = await database.pool.connect()
  await other.query('begin; select pg_advisory_xact_lock(5318008002)')
  expect(await tidy('2031-09-15T00:00:00Z')).toBeUndefined()
  await other.query('commit')
  other.release()
  expect(await tidy('2031-09-15T00:00:00Z')).toBeDefined()
})
