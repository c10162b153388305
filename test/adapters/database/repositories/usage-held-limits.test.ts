import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import type { PlanVersion } from '../../../../domain/catalogue/plan.ts'
import { heldBeyond } from '../../../../domain/usage/held-beyond.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, storeActive, storePlan } from '../../../support/rows.ts'
import { until } from '../../../support/until.ts'

const at = new Date('2026-04-01T00:00:00Z')
const [BOUGHT, WANTED] = [3, 2]
let database: TestDatabase
let plan: PlanVersion
beforeAll(async () => {
  database = await createDatabase()
  const seats = { feature: 'seats', quotaLimit: 1, reset: 'never', perQuantity: true } as const
  plan = await storePlan(database, seats)
})
afterAll(() => database.close())

/** A subscription with three seats, and everything that may happen while it is reduced to two. */
async function aTeam() {
  const { repositories } = database
  const started = await storeActive(repositories, { at, plan })
  const grown = { ...started, quantity: BOUGHT }
  await repositories.subscriptions.save(aWrite(started, { after: grown, at }))
  const before = { ...grown, observedSeq: started.observedSeq + 1 }
  const change = { subscriptionId: before.id, planVersionId: plan.id, quantity: WANTED, addons: [] }
  const pendingChange = {
    kind: 'scheduled',
    planVersionId: plan.id,
    quantity: WANTED,
    addons: [],
    at: new Date('2026-05-01T00:00:00Z'),
    paymentUrl: null,
  } as const
  const seats = async () => {
    const counters = await repositories.usage.list(before, at)
    const { counter } = counters.find(({ feature }) => feature.code === 'seats')!
    return { used: counter!.usedAmount, limit: counter!.quotaLimit }
  }
  const take = async (amount = 1) => {
    const request = { userId: before.userId, feature: 'seats', key: randomUUID(), amount }
    return (await repositories.usage.consume([request], at))[0]?.kind
  }
  return {
    before,
    seats,
    take,
    /** The look of the API, before it sends the command. */
    fits: async () =>
      heldBeyond(
        { base: { plan, quantity: WANTED }, addons: [], addonsBefore: [] },
        await repositories.usage.list(before, at),
      ).length === 0,
    narrow: () => repositories.usage.narrowHeld(change, at),
    restore: () => repositories.usage.restoreHeld(before.id, at),
    save: () =>
      repositories.subscriptions.save(aWrite(before, { after: { ...before, pendingChange }, at })),
  }
}

/** All orders of two sequences, each in its own order. */
const interleavings = <T>(one: readonly T[], two: readonly T[]): T[][] => {
  const [[a, ...restOfOne], [b, ...restOfTwo]] = [one, two]
  if (a === undefined || b === undefined) return [[...one, ...two]]
  return [
    ...interleavings(restOfOne, two).map((rest) => [a, ...rest]),
    ...interleavings(one, restOfTwo).map((rest) => [b, ...rest]),
  ]
}

describe('a reduction of seats', () => {
  test.each(
    interleavings(['look', 'narrow', 'save'], ['take', 'take', 'release', 'take', 'take']).map(
      (order) => ({ order }),
    ),
  )('leaves nobody beyond its limit: $order', async ({ order }) => {
    const it = await aTeam()
    let isMade = true
    for (const step of order) {
      if (step === 'take') await it.take()
      else if (step === 'release') await it.take(-1)
      else if (step === 'look') isMade = await it.fits()
      else if (step === 'narrow') isMade &&= await it.narrow()
      else if (isMade) await it.save()
    }
    const { used, limit } = await it.seats()
    expect(limit).toBe(isMade ? WANTED : BOUGHT)
    expect(used).toBeLessThanOrEqual(limit!)
  })

  test('waits for a seat that is being taken, and sees it', async () => {
    const it = await aTeam()
    await it.take(2)
    const other = new pg.Client(database.url)
    await other.connect()
    try {
      await other.query('begin')
      await other.query('update feature_usage set used_amount = 3 where subscription_id = $1', [
        it.before.id,
      ])
      const narrowing = it.narrow()
      await until('it waits', async () => (await waiters()) === 1)
      await other.query('commit')
      expect(await narrowing).toBe(false)
    } finally {
      await other.end()
    }
    expect(await it.seats()).toEqual({ used: 3, limit: 3 })
    await database.pool.query(
      'update feature_usage set used_amount = 2 where subscription_id = $1',
      [it.before.id],
    )
  })

  test('with many seats taken at the same time is exact, whichever comes first', async () => {
    for (let round = 0; round < 20; round++) {
      const it = await aTeam()
      const [isNarrowed] = await Promise.all([
        it.narrow(),
        it.take(),
        it.take(),
        it.take(),
        it.take(),
      ])
      const { used, limit } = await it.seats()
      expect({ used, limit }).toEqual(isNarrowed ? { used: 2, limit: 2 } : { used: 3, limit: 3 })
    }
  })

  test('that is not made restores the limit, also twice', async () => {
    const it = await aTeam()
    await it.narrow()
    expect(await it.narrow()).toBe(true)
    expect(await it.seats()).toEqual({ used: 0, limit: WANTED })
    await it.restore()
    await it.restore()
    expect(await it.seats()).toEqual({ used: 0, limit: BOUGHT })
  })

  test('agrees with the ledger', async () => {
    expect(await audit(database.url)).toEqual([])
  })
})

const waiters = async () => {
  const { rowCount } = await database.pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rowCount
}
