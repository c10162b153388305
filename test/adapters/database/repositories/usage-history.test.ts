import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import type { HistoryQuestion } from '../../../../domain/usage/history.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { A_POLICY, aWrite, storeActive } from '../../../support/rows.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const FEATURE = 'messages_sent'
/** Ten days before Berlin and São Paulo are in different offsets than in winter. */
const began = new Date('2026-03-20T10:00:00.000Z')
const later = (ms: number, from = began) => new Date(from.getTime() + ms)

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const consume = (userId: string, amount: number, occurredAt: Date, at: Date) =>
  database.repositories.usage.consume(
    [{ userId, feature: FEATURE, key: randomUUID(), amount, occurredAt }],
    at,
  )
/** Sums the next part of the ledger. @returns whether there is more. */
const sum = async (userId: string, until: Date, rows: number) =>
  (
    await database.pool.query<{ more: boolean }>('select sum_usage($1, $2, $3, $4) as more', [
      userId,
      FEATURE,
      until,
      rows,
    ])
  ).rows[0]!.more
async function sumAll(userId: string, until: Date) {
  while (await sum(userId, until, 1_000));
}

const question = (userId: string, given: Partial<HistoryQuestion> = {}): HistoryQuestion => ({
  userId,
  feature: FEATURE,
  from: later(-2 * DAY_MS),
  to: later(40 * DAY_MS),
  bucket: 'day',
  timeZone: 'UTC',
  ...given,
})
const historyOf = async (of: HistoryQuestion) => {
  const buckets = await database.repositories.usage.history(of, later(60 * DAY_MS))
  if (buckets === 'unsummed') throw new Error('unsummed')
  return buckets.map((each) => [
    each.startsAt.toISOString(),
    each.usedAmount,
    each.overageAmount,
    each.events,
  ])
}

/** The history as the ledger alone has it, entry by entry. */
async function ledgerOf({ userId, bucket, timeZone, from, to }: HistoryQuestion) {
  const { rows } = await database.pool.query(
    `select to_char(b at time zone $2 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, sum(amount)::int as used,
       sum(overage_amount)::int as overage, count(*)::int as events
     from usage_events e join subscriptions s on s.id = e.subscription_id
     cross join lateral (select date_trunc($3, e.occurred_at at time zone $2) as b) b
     where s.user_id = $1 and e.outcome = 'allowed' and not e.is_carried and e.occurred_at >= $4 and e.occurred_at < $5
     group by b order by b`,
    [userId, timeZone, bucket, from, to],
  )
  return rows.map(({ at, used, overage, events }) => [at, used, overage, events])
}

type Step = {
  readonly kind: 'consume' | 'release' | 'reserve' | 'refuse' | 'sum' | 'wait'
  readonly amount: number
  readonly ago: number
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('consume', 'consume', 'release', 'reserve', 'refuse', 'sum', 'wait'),
  amount: fc.integer({ min: 1, max: 9 }),
  ago: fc.integer({ min: 0, max: 23 * HOUR_MS }),
})

/** Performs the steps at a clock that starts at `began`. @returns the clock at the end. */
async function live(userId: string, steps: readonly Step[]): Promise<Date> {
  const { usage } = database.repositories
  let now = later(DAY_MS)
  let held: { readonly id: string; readonly amount: number } | undefined
  for (const { kind, amount, ago } of steps) {
    now = later(kind === 'wait' ? amount * 5 * HOUR_MS : 60_000, now)
    if (kind === 'consume') await consume(userId, amount, later(-ago, now), now)
    if (kind === 'release') await consume(userId, -1, later(-ago, now), now)
    if (kind === 'refuse') await consume(userId, 1_000_000, later(-ago, now), now)
    // The clock may be behind what was summed: all of that is late usage.
    if (kind === 'sum') await sum(userId, later(amount > 6 ? HOUR_MS : -ago, now), amount)
    if (kind !== 'reserve') continue
    if (held === undefined) {
      const id = randomUUID()
      const expiresAt = later(23 * HOUR_MS, now)
      const of = { id, userId, feature: FEATURE, key: id, amount, expiresAt }
      const outcome = await usage.hold(of, now)
      if (outcome.kind === 'held') held = { id: outcome.reservation.id, amount }
    } else {
      await usage.settle({ userId, id: held.id, amount }, now)
      held = undefined
    }
  }
  return now
}

test('a history is the sum of the ledger, whenever which part of it was summed', async () => {
  const zones = [
    'UTC',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
  ]
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const { userId } = await storeActive(database.repositories, { at: began })
      await live(userId, steps)
      for (const timeZone of zones)
        for (const bucket of ['day', 'month', 'hour'] as const) {
          const of = question(userId, { bucket, timeZone })
          const some = (await historyOf(of)).filter(([, , , events]) => events !== 0)
          expect(some).toEqual(
            await ledgerOf({ ...of, from: later(-90 * DAY_MS), to: later(90 * DAY_MS) }),
          )
        }
    }),
    { numRuns: 10 },
  )
  expect(await audit(database.url)).toEqual([])
})

test('usage that is counted while the ledger is summed is in the history once', async () => {
  const { userId } = await storeActive(database.repositories, { at: began })
  const ago = (n: number) => later(DAY_MS + n * 60_000)
  const counting = Array.from({ length: 60 }, (_, n) => consume(userId, 1, ago(n), ago(90)))
  const summing = Array.from({ length: 12 }, (_, n) => sum(userId, ago(n * 8), 5))
  await Promise.all([...counting, ...summing])
  const of = question(userId, { bucket: 'hour' })
  const some = (await historyOf(of)).filter(([, , , events]) => events !== 0)
  expect(some).toEqual(await ledgerOf(of))
  expect(some.map(([, used]) => used).reduce((a, b) => Number(a) + Number(b), 0)).toBe(60)
})

test('usage that was counted in a window which then ended earlier stays in the history', async () => {
  const subscription = await storeActive(database.repositories, { at: began })
  const { userId } = subscription
  const [first, second, third] = [later(DAY_MS), later(2 * DAY_MS), later(3 * DAY_MS)]
  await consume(userId, 1, first, first)
  await sumAll(userId, second)
  await consume(userId, 2, third, third)
  const windows = { after: { ...subscription, anchor: first }, endWindowsAt: later(1, first) }
  await database.repositories.subscriptions.save(aWrite(subscription, { ...windows, at: third }))
  await sumAll(userId, later(DAY_MS, third))
  const some = (await historyOf(question(userId))).filter(([, , , events]) => events !== 0)
  expect(some.map(([, used]) => used)).toEqual([1, 2])
})

test('a history outlives the months of the ledger', async () => {
  const { userId } = await storeActive(database.repositories, {
    at: new Date('2032-01-10T00:00:00Z'),
  })
  const tidy = (at: Date, usageMonths: number | null) =>
    database.repositories.retention.tidy({ ...A_POLICY, usageMonths }, at)
  for (let month = 1; month <= 8; month++) {
    const at = new Date(`2032-0${month}-15T12:00:00Z`)
    await tidy(at, null)
    await consume(userId, month, later(-HOUR_MS, at), at)
    if (month === 3) await sumAll(userId, at)
  }
  const of = question(userId, {
    from: new Date('2032-01-01T00:00:00Z'),
    to: new Date('2032-09-01T00:00:00Z'),
    bucket: 'month',
    timeZone: 'Asia/Kolkata',
  })
  const before = await historyOf(of)
  expect(before.map(([, used]) => used).filter((used) => used !== 0)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8,
  ])
  const at = new Date('2032-08-20T00:00:00Z')
  expect((await tidy(at, 2))?.partitions.filter((name) => name.includes('_2032_'))).toHaveLength(5)
  expect(await historyOf(of)).toEqual(before)
  expect((await tidy(at, 2))?.partitions).toEqual([])
  expect(await historyOf(of)).toEqual(before)
  expect(await audit(database.url)).toEqual([])
})

test('a month with usage that is in no sum is not dropped', async () => {
  const at = new Date('2033-01-15T00:00:00Z')
  await database.pool.query('select ensure_usage_partitions($1)', [at])
  const { userId } = await storeActive(database.repositories, { at })
  await consume(userId, 1, at, at)
  const { rows } = await database.pool.query<{ name: string }>(
    'select drop_usage_partitions($1, $1) as name',
    [new Date('2033-06-15T00:00:00Z')],
  )
  expect(rows.map(({ name }) => name)).not.toContain('usage_events_2033_01')
})

test('a large ledger is read from its sums, and only its latest part is read entry by entry', async () => {
  const { id, userId } = await storeActive(database.repositories, { at: began })
  await database.pool.query(
    `insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, window_start,
       used_after, occurred_at)
     select '2026-03-01', $1, 'k' || n, f.id, 1, 'allowed', $2, n, $2::timestamptz + n * interval '2 seconds'
     from generate_series(1, 25000) n, features f where f.code = $3`,
    [id, began, FEATURE],
  )
  const of = question(userId, { to: later(3 * DAY_MS) })
  const read = (rows: number) =>
    database.pool.query('select * from usage_history($1, $2, $3, $4, $5, $6, $7)', [
      userId,
      FEATURE,
      of.from,
      of.to,
      of.bucket,
      of.timeZone,
      rows,
    ])
  expect((await read(20_000)).rows).toEqual([])
  const history = await historyOf(of)
  expect(history.reduce((events, [, , , each]) => events + Number(each), 0)).toBe(25_000)
  expect((await read(0)).rows).toHaveLength(history.length)
})
