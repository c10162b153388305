import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { storeActive, storePlan } from '../../../support/rows.ts'

const at = new Date('2026-01-31T10:00:00.000Z')
const seconds = (count: number) => new Date(at.getTime() + count * 1_000)
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

/** On the free plan: 100 messages a month. */
const aUser = async () => (await storeActive(database.repositories, { at })).userId
const hold = (
  userId: string,
  amount: number,
  given: { key?: string; when?: Date; feature?: string } = {},
) => {
  const { key = randomUUID(), when = at, feature = 'messages_sent' } = given
  const expiresAt = new Date(when.getTime() + 60_000)
  const id = randomUUID()
  return database.repositories.usage.hold({ userId, feature, amount, key, id, expiresAt }, when)
}
const held = async (userId: string, amount: number, when = at) => {
  const outcome = await hold(userId, amount, { when })
  if (outcome.kind !== 'held') throw new Error(JSON.stringify(outcome))
  return outcome.reservation.id
}
const settle = (userId: string, id: string, amount: number, when = at) =>
  database.repositories.usage.settle({ userId, id, amount }, when)
const use = (userId: string, amount: number, when = at) =>
  database.repositories.usage
    .consume([{ userId, feature: 'messages_sent', key: randomUUID(), amount }], when)
    .then(([outcome]) => outcome!)

describe('a held amount', () => {
  test('is reserved for one caller, and settling neither loses nor creates any of it', async () => {
    const userId = await aUser()
    const id = await held(userId, 60)
    expect(await use(userId, 41)).toMatchObject({ reason: 'quota_exceeded' })
    expect(await use(userId, 40)).toMatchObject({ counter: { usedAmount: 40, remaining: 0 } })
    expect(await settle(userId, id, 50)).toMatchObject({
      kind: 'ended',
      reservation: { state: 'settled', settledAmount: 50 },
      counter: { usedAmount: 90, remaining: 10 },
    })
  })

  test('is free again at the instant of its expiry', async () => {
    const userId = await aUser()
    const id = await held(userId, 100)
    expect(await use(userId, 1, seconds(59))).toMatchObject({ kind: 'refused' })
    expect(await use(userId, 100, seconds(60))).toMatchObject({ kind: 'allowed' })
    expect(await settle(userId, id, 100, seconds(60))).toEqual({ kind: 'expired' })
    expect(await settle(userId, id, 0, seconds(60))).toMatchObject({
      kind: 'ended',
      reservation: { state: 'expired' },
    })
  })

  test('may settle at more than fits: the work is done, so it is counted, as overage', async () => {
    const userId = await aUser()
    const id = await held(userId, 60)
    await use(userId, 30)
    const settled = {
      kind: 'ended',
      reservation: { state: 'settled', settledAmount: 95 },
      overage: 25,
      counter: { usedAmount: 125, remaining: 0 },
    }
    expect(await settle(userId, id, 95)).toMatchObject(settled)
    expect(await settle(userId, id, 95)).toMatchObject(settled)
    expect(await settle(userId, id, 96)).toMatchObject({ kind: 'closed' })
    // The window is used up, and what was too much does not count against the next one.
    expect(await hold(userId, 1)).toMatchObject({ kind: 'refused', reason: 'quota_exceeded' })
    expect(await use(userId, 100, new Date('2026-02-28T10:00:00.000Z'))).toMatchObject({
      kind: 'allowed',
    })
  })

  test('is settled above the limit once for each of two at the same time, and never after its release', async () => {
    const userId = await aUser()
    const ids = [await held(userId, 50), await held(userId, 50)]
    const outcomes = await Promise.all(
      ids.flatMap((id) => [settle(userId, id, 80), settle(userId, id, 80)]),
    )
    const overages = outcomes.map((each) => (each.kind === 'ended' ? each.overage : -1))
    expect(overages.toSorted((a, b) => a - b)).toEqual([0, 0, 60, 60])
    expect(await use(userId, 1)).toMatchObject({ kind: 'refused', counter: { usedAmount: 160 } })
    const other = await aUser()
    const released = await held(other, 50)
    await settle(other, released, 0)
    expect(await settle(other, released, 500)).toMatchObject({ kind: 'closed' })
  })

  test('that is settled above the limit is billed where the plan says so', async () => {
    const plan = await storePlan(database, { quotaLimit: 10, overage: 'bill' })
    const { userId } = await storeActive(database.repositories, { at, plan })
    const id = await held(userId, 5)
    expect(await settle(userId, id, 25)).toMatchObject({ overage: 15 })
    const { rows } = await database.pool.query(
      `select u.billed_amount from feature_usage u join subscriptions s on s.usage_home = u.subscription_id
       where s.user_id = $1 and u.overage_amount > 0`,
      [userId],
    )
    expect(rows).toEqual([{ billed_amount: 15 }])
  })

  test('may settle at more only if that fits where the plan is strict; if not, the hold stays', async () => {
    const plan = await storePlan(database, { quotaLimit: 100, settle: 'strict' })
    const { userId } = await storeActive(database.repositories, { at, plan })
    const id = await held(userId, 60)
    await use(userId, 30)
    expect(await settle(userId, id, 71)).toMatchObject({
      kind: 'refused',
      reason: 'quota_exceeded',
      reservation: { state: 'held' },
    })
    expect(await settle(userId, id, 70)).toMatchObject({ counter: { usedAmount: 100 } })
  })

  test('of a seat is never settled above the limit: a seat is no work that was done', async () => {
    const userId = await aUser()
    const outcome = await hold(userId, 1, { feature: 'seats' })
    if (outcome.kind !== 'held') throw new Error(JSON.stringify(outcome))
    expect(await settle(userId, outcome.reservation.id, 2)).toMatchObject({ kind: 'refused' })
    expect(await settle(userId, outcome.reservation.id, 1)).toMatchObject({ kind: 'ended' })
  })

  test('is settled once, however often and from whichever process', async () => {
    const userId = await aUser()
    const id = await held(userId, 10)
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => settle(userId, id, 7)))
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ kind: 'ended', counter: { usedAmount: 7 } })
    expect(await settle(userId, id, 8)).toMatchObject({ kind: 'closed' })
    expect(await settle(userId, id, 0)).toMatchObject({ kind: 'closed' })
  })

  test('is released as a whole, once', async () => {
    const userId = await aUser()
    const id = await held(userId, 100)
    expect(await settle(userId, id, 0)).toMatchObject({
      counter: { usedAmount: 0, remaining: 100 },
    })
    expect(await settle(userId, id, 0)).toMatchObject({ reservation: { state: 'released' } })
    expect(await settle(userId, id, 5)).toMatchObject({ kind: 'closed' })
  })

  test('at the end of a window is counted in that window', async () => {
    const userId = await aUser()
    const end = new Date('2026-02-28T10:00:00.000Z')
    const id = await held(userId, 30, new Date(end.getTime() - 1_000))
    expect(await use(userId, 100, end)).toMatchObject({ kind: 'allowed' })
    expect(await settle(userId, id, 30, end)).toMatchObject({
      counter: { usedAmount: 30, windowStart: at },
    })
  })

  test('can be settled only by its user', async () => {
    const id = await held(await aUser(), 1)
    expect(await settle(await aUser(), id, 1)).toEqual({ kind: 'not_found' })
  })
})

describe('a hold', () => {
  test('with one key is made once, also concurrently', async () => {
    const userId = await aUser()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => hold(userId, 30, { key: 'same' })),
    )
    const ids = outcomes.map((outcome) => outcome.kind === 'held' && outcome.reservation.id)
    expect(new Set(ids).size).toBe(1)
    expect(await use(userId, 70)).toMatchObject({ kind: 'allowed' })
    expect(await hold(userId, 31, { key: 'same' })).toEqual({ kind: 'key_reused' })
  })

  test('that does not fit is refused, and concurrent holds never exceed the limit', async () => {
    const userId = await aUser()
    expect(await hold(userId, 101)).toMatchObject({ kind: 'refused', reason: 'quota_exceeded' })
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, n) => (n % 2 ? hold(userId, 3) : use(userId, 3))),
    )
    const fitted = outcomes.filter(({ kind }) => kind === 'held' || kind === 'allowed')
    expect(fitted).toHaveLength(33)
  })

  test('opens the window it needs', async () => {
    const userId = await aUser()
    const later = new Date('2028-06-15T00:00:00.000Z')
    expect(await hold(userId, 5, { when: later })).toMatchObject({ counter: { remaining: 95 } })
  })

  test('where overage is allowed is never refused', async () => {
    const plan = await storePlan(database, { quotaLimit: 10, overage: 'allow' })
    const { userId } = await storeActive(database.repositories, { at, plan })
    const id = await held(userId, 25)
    expect(await settle(userId, id, 25)).toMatchObject({ counter: { usedAmount: 25 } })
  })
})

test('every counter is the sum of its ledger after all of this', async () => {
  expect(await audit(database.url)).toEqual([])
})
