import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createStripeClient } from '../../../../adapters/stripe/sdk/client.ts'
import { classifyStripeError } from '../../../../adapters/stripe/sdk/errors.ts'
import {
  ANSWER_MAX_MS,
  AWAY_MS,
  createPacing,
  SHARED_PER_SECOND_MAX,
} from '../../../../adapters/stripe/sdk/pacing.ts'
import { createRepositories } from '../../../../assembly/repositories.ts'
import type { Repositories } from '../../../../domain/repositories.ts'
import { createCutOff, type CutOff } from '../../../support/cut-off.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { withPort } from '../../../support/with-port.ts'
import { startBusyStripe, type BusyStripe } from '../../../support/busy-stripe.ts'

const PER_SECOND = 20
/** Separately, two processes would send 48 requests in the first second. Sharing, they send 25, or 35 if answers are half a second late. */
const IN_ONE_SECOND_MAX = PER_SECOND * 1.75

let database: TestDatabase
let other: Repositories
/** The warnings of all processes. */
const warnings: unknown[] = []
const logger = { warn: (about: unknown) => warnings.push(about) }
beforeAll(async () => {
  database = await createDatabase()
  other = database.another()
})
beforeEach(async () => {
  warnings.length = 0
  await database.pool.query(`update stripe_pace set next_at = 'epoch'`)
  await database.pool.query(
    `update stripe_pace_classes set turn_at = 'epoch', coming_back_at = 'epoch'`,
  )
})
afterAll(async () => {
  await other.close()
  await database.close()
})

describe('two processes over one database', () => {
  let busy: BusyStripe
  beforeAll(async () => {
    busy = await startBusyStripe()
  })
  afterAll(() => busy.close())
  beforeEach(() => {
    busy.arrivals.length = 0
    busy.refuse(false)
  })
  const requesterOf = ({ stripePace: pace }: Repositories) => {
    const stripe = createStripeClient({
      apiKey: 'sk_test_pace',
      apiBase: busy.url,
      requestsPerSecond: PER_SECOND,
      sharing: { pace, logger },
    })
    return () => stripe.customers.retrieve('cus').catch((error: unknown) => error)
  }

  test('together send no more requests a second than one may, and no fewer', async () => {
    const requesters = [requesterOf(database.repositories), requesterOf(other)]
    await Promise.all(
      Array.from({ length: 5 * PER_SECOND }, (_, index) => requesters[index % 2]!()),
    )
    const most = Math.max(
      ...busy.arrivals.map(
        (from) => busy.arrivals.filter((at) => at >= from && at < from + 1_000).length,
      ),
    )
    expect(most).toBeLessThanOrEqual(IN_ONE_SECOND_MAX)
    expect(busy.arrivals.length).toBeGreaterThanOrEqual(3 * PER_SECOND)
    expect(busy.arrivals.length).toBeLessThanOrEqual(4 * PER_SECOND)
    expect(warnings).toEqual([])
  })

  test('both pause when Stripe asks one of them to', async () => {
    const [one, another] = [requesterOf(database.repositories), requesterOf(other)]
    expect(await another()).toMatchObject({ id: 'cus' })
    busy.refuse(true)
    expect(await one()).toMatchObject({ message: 'slow down' })
    const before = busy.arrivals.length
    for (const ask of [one, another]) {
      const failure = classifyStripeError(await ask())
      expect(failure).toMatchObject({ kind: 'again' })
      expect(failure).toHaveProperty('afterMs', expect.closeTo(30_000, -4))
    }
    expect(busy.arrivals.length).toBe(before)
  })
})

describe('while the database is unavailable', () => {
  let wire: CutOff
  let cut: Repositories
  /** The clock of this process. */
  let now = 0
  const pacing = (perSecond = PER_SECOND) =>
    createPacing(perSecond, { pace: cut.stripePace, logger }, () => now)
  beforeEach(async () => {
    wire = await createCutOff(Number(new URL(inject('postgresUrl')).port))
    cut = createRepositories(database.configOver(withPort(database.url, wire.port)), {
      name: 'cut',
      onError: () => {},
    })
    await cut.ping()
  })
  afterEach(async () => {
    await wire.close()
    await cut.close()
  })

  test('requests keep the process’s own pace, and one warning says why', async () => {
    const local = pacing()
    await wire.cut()
    const leaves = await Promise.all(Array.from({ length: 10 * PER_SECOND }, () => local.ask()))
    const going = leaves.filter(({ kind }) => kind === 'go')
    expect(going.filter(({ afterMs }) => afterMs < 1_000)).toHaveLength(PER_SECOND + 4)
    expect(leaves.filter(({ kind }) => kind === 'later').length).toBeGreaterThan(6 * PER_SECOND)
    expect(warnings).toEqual([{ err: expect.any(Error) }])
  })

  test('and does not answer, only one request waits for it, for a second', async () => {
    const local = pacing()
    wire.hush()
    const began = performance.now()
    expect(await local.ask()).toMatchObject({ kind: 'go', afterMs: 0 })
    expect(performance.now() - began).toBeLessThan(2 * ANSWER_MAX_MS)
    const once = performance.now()
    expect(await local.ask()).toMatchObject({ kind: 'go', afterMs: 0 })
    expect(performance.now() - once).toBeLessThan(ANSWER_MAX_MS / 2)
    expect(warnings).toEqual([{ err: expect.any(Error) }])
  })

  test('a pause that Stripe asks for still holds this process', async () => {
    const local = pacing()
    await wire.cut()
    await local.hold(2_000)
    expect(await local.ask()).toEqual({ kind: 'go', afterMs: 2_000 })
  })

  test('it is not asked for ten seconds; after that the pace is shared again', async () => {
    const local = pacing()
    await wire.cut()
    await local.ask()
    await wire.repair()
    await other.stripePace.hold(60_000, { intervalMs: 0, leadMs: 0, waitMaxMs: 0, aheadMaxMs: 0 })
    now += AWAY_MS - 1
    expect(await local.ask()).toMatchObject({ kind: 'go' })
    now += 1
    expect(await local.ask()).toMatchObject({ kind: 'later' })
    expect(warnings).toHaveLength(1)
  })

  test('a pace above any account’s limit does not ask the database', async () => {
    await wire.cut()
    expect(await pacing(SHARED_PER_SECOND_MAX + 1).ask()).toEqual({ kind: 'go', afterMs: 0 })
    expect(warnings).toEqual([])
    await pacing(SHARED_PER_SECOND_MAX).ask()
    expect(warnings).toHaveLength(1)
  })
})
