import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { paceTerms } from '../../../../adapters/stripe/sdk/pace.ts'
import type { PaceReply } from '../../../../domain/stripe/pace.ts'
import type { Repositories } from '../../../../domain/repositories.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { until } from '../../../support/until.ts'

const PER_SECOND = 20
const TERMS = paceTerms(PER_SECOND)
/** Of both processes together: ten seconds' worth. */
const ASKED = 200
const MINUTE_MS = 60_000

let database: TestDatabase
/** Two, as far as the database can tell. */
let processes: readonly [Repositories, Repositories]
beforeAll(async () => {
  database = await createDatabase()
  processes = [database.repositories, database.another()]
})
beforeEach(() =>
  database.pool.query(`update stripe_pace set next_at = 'epoch', coming_back_at = 'epoch'`),
)
afterAll(async () => {
  await processes[1].close()
  await database.close()
})

/** What many are told who ask both processes at once, and how long it took, by which the later ones are told less. */
async function askAtOnce() {
  const began = performance.now()
  const leaves = await Promise.all(
    Array.from({ length: ASKED }, (_, index) => processes[index % 2]!.stripePace.ask(TERMS)),
  )
  const tookMs = performance.now() - began
  const momentsOf = (kind: PaceReply['kind']) =>
    leaves.filter((leave) => leave.kind === kind).map(({ afterMs }) => afterMs)
  return { going: momentsOf('go'), later: momentsOf('later'), tookMs }
}

test('of many who ask two processes at once, no second lets more go than the account may ask', async () => {
  const { going, tookMs } = await askAtOnce()
  const meanwhile = Math.ceil((tookMs * PER_SECOND) / 1_000)
  const early = TERMS.leadMs / TERMS.intervalMs + 1
  for (const start of [0, 500, 1_000, 1_500, 2_000]) {
    const inSecond = going.filter((at) => at >= start && at < start + 1_000).length
    expect(inSecond).toBeLessThanOrEqual(PER_SECOND + meanwhile + (start === 0 ? early : 0))
  }
  // Nor fewer: the pace is all that holds them up.
  expect(going.length).toBeGreaterThanOrEqual((TERMS.waitMaxMs * PER_SECOND) / 1_000)
  expect(Math.max(...going)).toBeLessThanOrEqual(TERMS.waitMaxMs)
})

test('who asks while another is being answered stands behind it', async () => {
  const client = await database.pool.connect()
  try {
    await client.query('begin')
    await client.query('select from ask_stripe_pace(60, $1, $2, $3, $4)', [
      TERMS.intervalMs,
      TERMS.leadMs,
      TERMS.waitMaxMs,
      TERMS.aheadMaxMs,
    ])
    const asked = processes[1].stripePace.ask(TERMS)
    await until('the other waits for the row', async () => {
      const { rows } = await database.pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rows.length > 0
    })
    await client.query('commit')
    expect((await asked).afterMs).toBeGreaterThan(TERMS.waitMaxMs / 2)
  } finally {
    client.release()
  }
})

test('each that is turned away is told a moment of its own, at the same pace', async () => {
  const { going, later, tookMs } = await askAtOnce()
  expect(going.length + later.length).toBe(ASKED)
  const moments = later.toSorted((one, other) => one - other)
  expect(new Set(moments).size).toBe(later.length)
  expect(moments[0]).toBeGreaterThan(TERMS.waitMaxMs)
  const lastMs = ASKED * TERMS.intervalMs
  expect(moments.at(-1)).toBeLessThanOrEqual(lastMs)
  expect(moments.at(-1)).toBeGreaterThan(lastMs - tookMs - (TERMS.leadMs + TERMS.intervalMs))
})

test('what one process is told by Stripe holds the other', async () => {
  const [one, other] = processes
  expect(await other.stripePace.ask(TERMS)).toMatchObject({ kind: 'go', afterMs: 0 })
  await one.stripePace.hold(MINUTE_MS, TERMS)
  // A shorter one does not end it.
  await one.stripePace.hold(1_000, TERMS)
  const leave = await other.stripePace.ask(TERMS)
  expect(leave.kind).toBe('later')
  expect(leave.afterMs).toBeGreaterThan(MINUTE_MS / 2)
})

test('a hold that is soon over is waited for', async () => {
  const [one, other] = processes
  await one.stripePace.hold(2_500, TERMS)
  const leave = await other.stripePace.ask(TERMS)
  expect(leave.kind).toBe('go')
  expect(leave.afterMs).toBeGreaterThan(0)
  expect(leave.afterMs).toBeLessThanOrEqual(2_500)
})

test('after the database’s clock went back by an hour, nobody waits for an hour', async () => {
  await database.pool.query(
    `update stripe_pace set next_at = now() + interval '1 hour', coming_back_at = now() + interval '1 hour'`,
  )
  const { going, later } = await askAtOnce()
  expect(going.length).toBeGreaterThan(0)
  expect(Math.max(...later)).toBeLessThanOrEqual(ASKED * TERMS.intervalMs)
})

test('whoever asks waits for no disk, and whoever uses the connection afterwards does', async () => {
  const client = await database.pool.connect()
  try {
    await client.query('set synchronous_commit = on')
    for (const asked of ['ask_stripe_pace(1, 40, 160, 3000, 120000)', 'hold_stripe_pace(1, 160)']) {
      await client.query('begin')
      await client.query(`select * from ${asked}`)
      const { rows } = await client.query('show synchronous_commit')
      expect(rows).toEqual([{ synchronous_commit: 'off' }])
      await client.query('commit')
      const after = await client.query('show synchronous_commit')
      expect(after.rows).toEqual([{ synchronous_commit: 'on' }])
    }
  } finally {
    // Not to be used by anybody else.
    client.release(true)
  }
})
