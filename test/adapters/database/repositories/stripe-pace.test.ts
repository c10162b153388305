import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { paceTerms } from '../../../../adapters/stripe/sdk/pace.ts'
import {
  CLASS_LIMITS,
  PACE_CLASSES,
  turnMsOf,
  type PaceClass,
  type PaceReply,
} from '../../../../domain/stripe/pace.ts'
import type { Repositories } from '../../../../domain/repositories.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { until } from '../../../support/until.ts'

const PER_SECOND = 20
const TERMS = paceTerms(PER_SECOND)
/** Requests of both processes together: those of ten seconds. */
const REQUESTS = 200
const MINUTE_MS = 60_000

let database: TestDatabase
/** Two processes, from the database's point of view. */
let processes: readonly [Repositories, Repositories]
beforeAll(async () => {
  database = await createDatabase()
  processes = [database.repositories, database.another()]
})
beforeEach(async () => {
  await database.pool.query(`update stripe_pace set next_at = 'epoch'`)
  await database.pool.query(
    `update stripe_pace_classes set turn_at = 'epoch', coming_back_at = 'epoch'`,
  )
})
afterAll(async () => {
  await processes[1].close()
  await database.close()
})

/** The replies to many concurrent requests in both processes, and how long they took. Later replies are shorter by that. */
async function requestAtOnce() {
  const began = performance.now()
  const replies = await Promise.all(
    Array.from({ length: REQUESTS }, (_, index) =>
      processes[index % 2]!.stripePace.ask(TERMS, 'caller'),
    ),
  )
  const tookMs = performance.now() - began
  const momentsOf = (kind: PaceReply['kind']) =>
    replies.filter((reply) => reply.kind === kind).map(({ afterMs }) => afterMs)
  return { going: momentsOf('go'), later: momentsOf('later'), tookMs }
}

test('with many requests in two processes, no second exceeds the rate of the account', async () => {
  const { going, tookMs } = await requestAtOnce()
  const meanwhile = Math.ceil((tookMs * PER_SECOND) / 1_000)
  const early = TERMS.leadMs / TERMS.intervalMs + 1
  for (const start of [0, 500, 1_000, 1_500, 2_000]) {
    const inSecond = going.filter((at) => at >= start && at < start + 1_000).length
    expect(inSecond).toBeLessThanOrEqual(PER_SECOND + meanwhile + (start === 0 ? early : 0))
  }
  // And not fewer: only the pace delays them.
  expect(going.length).toBeGreaterThanOrEqual((TERMS.waitMaxMs * PER_SECOND) / 1_000)
  expect(Math.max(...going)).toBeLessThanOrEqual(TERMS.waitMaxMs)
})

test('a request waits behind one that is being decided', async () => {
  const client = await database.pool.connect()
  try {
    await client.query('begin')
    await client.query(`select from ask_stripe_pace('caller', 60, $1, $2, $3, $3, null, $4)`, [
      TERMS.intervalMs,
      TERMS.leadMs,
      TERMS.waitMaxMs,
      TERMS.aheadMaxMs,
    ])
    const pending = processes[1].stripePace.ask(TERMS, 'caller')
    await until('the other waits for the row', async () => {
      const { rows } = await database.pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rows.length > 0
    })
    await client.query('commit')
    expect((await pending).afterMs).toBeGreaterThan(TERMS.waitMaxMs / 2)
  } finally {
    client.release()
  }
})

test('each refused request gets its own time to retry, at the same pace', async () => {
  const { going, later, tookMs } = await requestAtOnce()
  expect(going.length + later.length).toBe(REQUESTS)
  const moments = later.toSorted((one, other) => one - other)
  expect(new Set(moments).size).toBe(later.length)
  expect(moments[0]).toBeGreaterThan(TERMS.waitMaxMs)
  const lastMs = REQUESTS * TERMS.intervalMs
  expect(moments.at(-1)).toBeLessThanOrEqual(lastMs)
  expect(moments.at(-1)).toBeGreaterThan(lastMs - tookMs - (TERMS.leadMs + TERMS.intervalMs))
})

test('a hold from Stripe in one process stops the other too', async () => {
  const [one, other] = processes
  expect(await other.stripePace.ask(TERMS, 'caller')).toMatchObject({ kind: 'go', afterMs: 0 })
  await one.stripePace.hold(MINUTE_MS, TERMS)
  // A shorter one does not end it.
  await one.stripePace.hold(1_000, TERMS)
  const reply = await other.stripePace.ask(TERMS, 'caller')
  expect(reply.kind).toBe('later')
  expect(reply.afterMs).toBeGreaterThan(MINUTE_MS / 2)
})

test('requests wait for a short hold', async () => {
  const [one, other] = processes
  await one.stripePace.hold(2_500, TERMS)
  const reply = await other.stripePace.ask(TERMS, 'caller')
  expect(reply.kind).toBe('go')
  expect(reply.afterMs).toBeGreaterThan(0)
  expect(reply.afterMs).toBeLessThanOrEqual(2_500)
})

test('after the database’s clock goes back by an hour, no request waits for an hour', async () => {
  await database.pool.query(`update stripe_pace set next_at = now() + interval '1 hour'`)
  await database.pool.query(
    `update stripe_pace_classes set turn_at = now() + interval '1 hour', coming_back_at = now() + interval '1 hour'`,
  )
  const { going, later } = await requestAtOnce()
  expect(going.length).toBeGreaterThan(0)
  expect(Math.max(...later)).toBeLessThanOrEqual(REQUESTS * TERMS.intervalMs)
})

/** Asks for many requests of a class at once, in both processes. */
const askFor = (paceClass: PaceClass, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      processes[index % 2]!.stripePace.ask(TERMS, paceClass),
    ),
  )

test.each(['event', 'background'] as const)(
  'a caller goes before five hundred waiting requests of the class %s',
  async (paceClass) => {
    const replies = await askFor(paceClass, 500)
    expect(replies.filter(({ kind }) => kind === 'later').length).toBeGreaterThan(400)
    const reply = await processes[0].stripePace.ask(TERMS, 'caller')
    expect(reply.kind).toBe('go')
    // Behind what the class has reserved, and one turn.
    const reservedMs = CLASS_LIMITS[paceClass].reserveMaxMs + 2 * TERMS.intervalMs
    expect(reply.afterMs).toBeLessThanOrEqual(reservedMs)
  },
)

test.each(['event', 'background'] as const)(
  'however many callers wait, the class %s has its share',
  async (paceClass) => {
    await askFor('caller', 500)
    const [first] = await askFor(paceClass, 1)
    expect(first).toMatchObject({ kind: 'go' })
    // Its next turn comes after a time, not with its next request.
    const [second] = await askFor(paceClass, 1)
    expect(second).toMatchObject({ kind: 'later' })
    await database.pool.query(
      `update stripe_pace_classes set turn_at = turn_at - $2 * interval '1 millisecond' where class = $1`,
      [paceClass, turnMsOf(paceClass, TERMS.intervalMs)],
    )
    const [third] = await askFor(paceClass, 1)
    expect(third).toMatchObject({ kind: 'go' })
  },
)

test('an idle pace serves every class at once, and each class its own times to return', async () => {
  for (const paceClass of PACE_CLASSES)
    expect(await askFor(paceClass, 1)).toEqual([{ kind: 'go', afterMs: 0 }])
  const later = async (paceClass: PaceClass) =>
    (await askFor(paceClass, 100))
      .filter(({ kind }) => kind === 'later')
      .map(({ afterMs }) => afterMs)
  for (const paceClass of ['event', 'background'] as const) {
    const moments = await later(paceClass)
    expect(new Set(moments).size).toBe(moments.length)
  }
})

test('a hold from Stripe stops every class, whatever its share', async () => {
  await processes[0].stripePace.hold(MINUTE_MS, TERMS)
  for (const paceClass of PACE_CLASSES)
    expect(await askFor(paceClass, 1)).toMatchObject([{ kind: 'later' }])
})

test('a process of the release before keeps the same pace', async () => {
  const ask = () =>
    database.pool.query('select * from ask_stripe_pace(100, $1, $2, $3, $4)', [
      TERMS.intervalMs,
      TERMS.leadMs,
      TERMS.waitMaxMs,
      TERMS.aheadMaxMs,
    ])
  await ask()
  expect((await processes[0].stripePace.ask(TERMS, 'caller')).kind).toBe('later')
})

test('a pace request does not wait for the disk, and later statements on its connection do', async () => {
  const client = await database.pool.connect()
  try {
    await client.query('set synchronous_commit = on')
    for (const call of [
      `ask_stripe_pace('caller', 1, 40, 160, 3000, 3000, null, 120000)`,
      'hold_stripe_pace(1, 160)',
    ]) {
      await client.query('begin')
      await client.query(`select * from ${call}`)
      const { rows } = await client.query('show synchronous_commit')
      expect(rows).toEqual([{ synchronous_commit: 'off' }])
      await client.query('commit')
      const after = await client.query('show synchronous_commit')
      expect(after.rows).toEqual([{ synchronous_commit: 'on' }])
    }
  } finally {
    // The connection is closed, because its settings were changed.
    client.release(true)
  }
})
