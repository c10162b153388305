import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { storeActive } from '../../../support/rows.ts'

const AT = new Date('2027-01-10T12:00:00Z')
const EVENTS = 5_000

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

/** Pages that a statement touches, including those of the functions it calls. */
async function pagesOf(statement: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await database.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (analyze, buffers, format json) ${statement}`,
    [...values],
  )
  const plan = rows[0]?.['QUERY PLAN'][0].Plan
  return (plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN)
}
type Plan = { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number }

const CONSUME = `select * from consume_usage($1, array[$2], array['messages_sent'], array[$3], array[1]::bigint[],
  array[null]::timestamptz[], $1::timestamptz - interval '1 day')`
const CONSUME_PLAINLY = `select * from consume_usage_plainly($1, array[$2], array['messages_sent'], array[1]::bigint[],
  array[1], array[$3], array[1]::bigint[], array[1]::bigint[])`

/** Stores events of one subscription, or as many events of different ones. */
const storeEvents = (count: number, subscriptionId?: string) =>
  database.pool.query(
    `insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, reason,
       window_start, used_after, occurred_at)
     select '2027-01-01', coalesce($1, gen_random_uuid()), 'k' || n, f.id, 1, 'refused', 'quota_exceeded', $2, 0, $2
     from generate_series(1, $3) n, features f where f.code = 'messages_sent'`,
    [subscriptionId, AT, count],
  )

test.each([
  ['consume_usage', CONSUME],
  ['consume_usage_plainly', CONSUME_PLAINLY],
])(
  '%s reads as many pages for a customer with thousands of events as for one without',
  async (_, statement) => {
    const counting = (user: string) => pagesOf(statement, [AT, user, randomUUID()])
    await database.pool.query('select ensure_usage_partitions($1)', [AT])
    const quiet = await storeActive(database.repositories, { at: AT })
    const busy = await storeActive(database.repositories, { at: AT })
    // The statistics of the planner show one event per customer, as at the start of a month.
    await storeEvents(500)
    await database.pool.query('analyze usage_events')
    await storeEvents(EVENTS, busy.id)
    // The first call of a connection also reads Postgres' system catalog.
    await counting(quiet.userId)
    const pages = await counting(quiet.userId)
    expect(await counting(busy.userId)).toBeLessThan(pages + 50)
  },
)
