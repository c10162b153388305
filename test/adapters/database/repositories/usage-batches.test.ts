import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConsumeRequest } from '../../../../domain/usage/usage.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { storeActive } from '../../../support/rows.ts'

const at = new Date('2026-01-31T10:00:00.000Z')
/** Enough rounds: a window that was counted before it was locked failed in one of 150. */
const RACES = 150

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const aRequest = (userId: string, given: Partial<ConsumeRequest> = {}): ConsumeRequest => ({
  userId,
  feature: 'messages_sent',
  key: randomUUID(),
  amount: 1,
  ...given,
})
const statements = async () => {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(distinct xmin::text)::int as count from usage_events`,
  )
  return rows[0]!.count
}

/** A separate process, from Postgres' point of view. */
const anotherProcess = () => database.another()

describe('concurrent calls of one process', () => {
  test('share a statement, and each gets its own reply', async () => {
    const users = await Promise.all([1, 2, 3].map(() => storeActive(database.repositories, { at })))
    const before = await statements()
    const outcomes = await Promise.all([
      ...users.map(({ userId }, index) => consume(aRequest(userId, { amount: index + 1 }))),
      consume(aRequest('nobody')),
    ])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      'allowed',
      'allowed',
      'allowed',
      'refused',
    ])
    expect(outcomes.slice(0, 3)).toMatchObject(
      [1, 2, 3].map((n) => ({ counter: { usedAmount: n } })),
    )
    expect((await statements()) - before).toBe(1)
  })

  test('with one key get the same reply, and are counted once', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => consume(aRequest(userId, { key: 'same', amount: 4 }))),
    )
    const counters = outcomes.map((outcome) => outcome.kind === 'allowed' && outcome.counter)
    expect(counters).toEqual(counters.map(() => counters[0]))
    expect(counters[0]).toMatchObject({ usedAmount: 4 })
  })

  test('with one key that is never recorded all get a reply', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const nowhere = { key: 'nowhere', feature: 'nothing' }
    const requests = Array.from({ length: 20 }, (_, amount) =>
      aRequest(userId, { ...nowhere, amount: amount + 1 }),
    )
    const fits = aRequest(userId, { key: 'nowhere', amount: 3 })
    const outcomes = await database.repositories.usage.consume([...requests, fits, fits], at)
    expect(outcomes.slice(0, 20)).toEqual(
      requests.map(() => expect.objectContaining({ reason: 'feature_not_in_plan' })),
    )
    expect(outcomes.slice(20)).toMatchObject([
      { kind: 'allowed', repeated: false, counter: { usedAmount: 3 } },
      { kind: 'allowed', repeated: true, counter: { usedAmount: 3 } },
    ])
  })

  test('with clocks far apart count each in its own window, whichever process opens it', async () => {
    const later = new Date('2026-05-31T10:00:00.000Z')
    for (let race = 1; race <= RACES; race++) {
      const { userId } = await storeActive(database.repositories, { at })
      const outcomes = await Promise.all(
        [at, later, at, later].map((when) => consume(aRequest(userId), when)),
      )
      const used = outcomes.map((each) => each.kind === 'allowed' && each.counter.usedAmount)
      // Two batches may run at the same time, so only the windows are certain, not the order.
      expect(new Set([used[0], used[2]])).toEqual(new Set([1, 2]))
      expect(new Set([used[1], used[3]])).toEqual(new Set([1, 2]))
    }
  })

  test('are not affected by one that Postgres refuses', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const [good, bad, alsoGood] = await Promise.allSettled([
      consume(aRequest(userId)),
      consume(aRequest(userId, { key: 'a\u0000b' })),
      consume(aRequest(userId)),
    ])
    expect([good.status, bad.status, alsoGood.status]).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
  })

  const consume = (request: ConsumeRequest, when = at) =>
    database.repositories.usage.consume([request], when).then(([outcome]) => outcome!)
})

describe('several processes', () => {
  test('that use many counters in any order never deadlock or overshoot', async () => {
    const others = Array.from({ length: 5 }, anotherProcess)
    const subscriptions = await Promise.all(
      Array.from({ length: 12 }, () => storeActive(database.repositories, { at })),
    )
    const features = ['messages_sent', 'ai_minutes']
    await Promise.all(
      others.flatMap(({ usage }, process) =>
        Array.from({ length: 300 }, (_, index) => {
          // Each process uses the counters in a different order.
          const stride = [1, 5, 7, 11, 13][process]!
          const { userId } = subscriptions[(index * stride) % subscriptions.length]!
          return usage.consume([aRequest(userId, { feature: features[process % 2]! })], at)
        }),
      ),
    )
    await Promise.all(others.map((repositories) => repositories.close()))
    const used = await database.pool.query(
      `select f.code, u.used_amount, count(*)::int from feature_usage u join features f on f.id = u.feature_id
       where u.subscription_id = any ($1) and f.code <> 'seats' group by 1, 2 order by 1`,
      [subscriptions.map(({ id }) => id)],
    )
    // Each process sends 25 requests per counter: three counters of messages, two of minutes.
    expect(used.rows).toEqual([
      { code: 'ai_minutes', used_amount: 10, count: 12 },
      { code: 'messages_sent', used_amount: 75, count: 12 },
    ])
    const { rows } = await database.pool.query(
      `select deadlocks::int from pg_stat_database where datname = current_database()`,
    )
    expect(rows).toEqual([{ deadlocks: 0 }])
  })
})
