import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import type { ConsumeOutcome, ConsumeRequest } from '../../../../domain/usage/usage.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, storeActive } from '../../../support/rows.ts'

/** The window changes on 28 February; the clock shows ten hours later. */
const began = new Date('2026-01-31T10:00:00.000Z')
const turned = new Date('2026-02-28T10:00:00.000Z')
const now = new Date('2026-02-28T20:00:00.000Z')
const before = new Date('2026-02-28T09:59:59.999Z')

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const ask = (userId: string, given: Partial<ConsumeRequest> = {}, at = now) =>
  database.repositories.usage
    .consume([{ userId, feature: 'messages_sent', key: randomUUID(), amount: 1, ...given }], at)
    .then(([outcome]) => outcome!)
const windowOf = (outcome: ConsumeOutcome) =>
  outcome.kind === 'allowed' && [outcome.counter.windowStart, outcome.counter.usedAmount]

describe('a past event', () => {
  test('counts once in its own window, even if that window was not opened in time', async () => {
    const { userId } = await storeActive(database.repositories, { at: began })
    const outcomes = await Promise.all([
      ask(userId, { occurredAt: before, amount: 3 }),
      ask(userId, { occurredAt: turned, amount: 5 }),
      ask(userId, { amount: 7 }),
      ask(userId, { occurredAt: before, amount: 3, key: 'late' }),
      ask(userId, { occurredAt: before, amount: 3, key: 'late' }),
    ])
    const last = await ask(userId, { occurredAt: before })
    expect(windowOf(last)).toEqual([began, 7])
    expect(windowOf(await ask(userId))).toEqual([turned, 13])
    expect(outcomes.every((outcome) => outcome.kind === 'allowed')).toBe(true)
  })

  test('is refused if its own window is full, although the present one is empty', async () => {
    const { userId } = await storeActive(database.repositories, { at: began })
    await ask(userId, { amount: 100 }, before)
    expect(await ask(userId, { occurredAt: before })).toMatchObject({ reason: 'quota_exceeded' })
    expect(await ask(userId)).toMatchObject({ kind: 'allowed' })
  })

  test('counts until the lateness limit, to the millisecond', async () => {
    const { userId } = await storeActive(database.repositories, { at: began })
    const earliest = new Date(now.getTime() - 24 * 3_600_000)
    expect(await ask(userId, { occurredAt: earliest })).toMatchObject({ kind: 'allowed' })
    expect(
      await ask(userId, { occurredAt: new Date(earliest.getTime() - 1), key: 'old' }),
    ).toMatchObject({ kind: 'refused', reason: 'too_late' })
  })

  test('that was counted in time gets the same reply when it is repeated too late', async () => {
    const { userId } = await storeActive(database.repositories, { at: began })
    const first = await ask(userId, { occurredAt: before, key: 'again' })
    const muchLater = new Date(now.getTime() + 10 * 86_400_000)
    expect(await ask(userId, { occurredAt: before, key: 'again' }, muchLater)).toEqual({
      ...first,
      repeated: true,
    })
  })

  test('from before the subscription started has no subscription', async () => {
    const { userId } = await storeActive(database.repositories, { at: turned })
    expect(await ask(userId, { occurredAt: before })).toMatchObject({ reason: 'no_subscription' })
  })

  test('from before the anchor moved counts in the window that ended then', async () => {
    const subscription = await storeActive(database.repositories, { at: began })
    const moved = new Date('2026-02-10T00:00:00Z')
    await database.repositories.subscriptions.save(
      aWrite(subscription, {
        after: { ...subscription, anchor: moved },
        endWindowsAt: moved,
        at: moved,
      }),
    )
    const occurredAt = new Date(moved.getTime() - 1)
    const outcome = await ask(subscription.userId, { occurredAt }, moved)
    expect(windowOf(outcome)).toEqual([began, 1])
  })
})

describe('a future event', () => {
  test('is refused, except for a small clock difference', async () => {
    const { userId } = await storeActive(database.repositories, { at: began })
    const ahead = (ms: number) => new Date(now.getTime() + ms)
    expect(await ask(userId, { occurredAt: ahead(60_001) })).toMatchObject({
      reason: 'in_the_future',
    })
    expect(windowOf(await ask(userId, { occurredAt: ahead(60_000) }))).toEqual([turned, 1])
  })
})

test('every counter is the sum of its ledger after all of this', async () => {
  expect(await audit(database.url)).toEqual([])
})
