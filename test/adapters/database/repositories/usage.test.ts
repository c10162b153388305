import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { boundary } from '../../../../domain/calendar.ts'
import type { ConsumeOutcome } from '../../../../domain/usage/usage.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, storeActive, storeSubscription } from '../../../support/rows.ts'

const at = new Date('2026-01-31T10:00:00.000Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const use = (user: string, amount = 1, key: string = randomUUID(), when = at) =>
  database.repositories.usage
    .consume([{ userId: user, feature: 'messages_sent', key, amount }], when)
    .then(([outcome]) => outcome!)

const usedOf = (outcome: ConsumeOutcome) =>
  outcome.kind === 'key_reused' ? undefined : outcome.counter?.usedAmount

const windowsThatDisagree = () => audit(database.url)

describe('a hard limit', () => {
  test('allows exactly 100 of 150 concurrent callers, over several connections and processes', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const others = [1, 2, 3].map(() => database.another())
    const outcomes = await Promise.all(
      Array.from({ length: 150 }, async (_, index) => {
        const request = { userId, feature: 'messages_sent', key: `c${index}`, amount: 1 }
        const [outcome] = await others[index % 3]!.usage.consume([request], at)
        return outcome!
      }),
    )
    await Promise.all(others.map((repositories) => repositories.close()))
    expect(outcomes.filter((outcome) => outcome.kind === 'allowed')).toHaveLength(100)
    const refused = outcomes.filter((outcome) => outcome.kind === 'refused')
    expect(new Set(refused.map((outcome) => outcome.reason))).toEqual(new Set(['quota_exceeded']))
    expect(usedOf(await use(userId))).toBe(100)
    expect(await windowsThatDisagree()).toEqual([])
  })

  test('refuses requests that do not fit and allows those that do, in the given order', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const amounts = [60, 50, 30, 11, 10]
    const outcomes = await database.repositories.usage.consume(
      amounts.map((amount, index) => ({
        userId,
        feature: 'messages_sent',
        key: `k${index}`,
        amount,
      })),
      at,
    )
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      'allowed',
      'refused',
      'allowed',
      'refused',
      'allowed',
    ])
    expect(outcomes.map(usedOf)).toEqual([60, 60, 90, 90, 100])
  })
})

describe('a key', () => {
  test('counts once however often it is sent, with the same reply', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => use(userId, 7, 'same')))
    expect(outcomes.map(usedOf)).toEqual(Array.from({ length: 20 }, () => 7))
    expect(
      outcomes.filter((outcome) => outcome.kind === 'allowed' && !outcome.repeated),
    ).toHaveLength(1)
    expect(await windowsThatDisagree()).toEqual([])
  })

  test('repeats a refusal even after room was made', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    await use(userId, 100)
    await use(userId, 1, 'late')
    const next = boundary(at, 'month', 1)
    expect(await use(userId, 1, 'late', next)).toMatchObject({ kind: 'refused', repeated: true })
  })

  test('twice in one batch counts once', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const request = { userId, feature: 'messages_sent', key: 'twin', amount: 4 }
    const outcomes = await database.repositories.usage.consume([request, request], at)
    expect(outcomes.map(usedOf)).toEqual([4, 4])
  })

  test('is remembered across the end of a month', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    await use(userId, 3, 'over', new Date('2026-01-31T23:59:59Z'))
    const repeat = await use(userId, 3, 'over', new Date('2026-02-01T00:00:01Z'))
    expect(repeat).toMatchObject({ kind: 'allowed', repeated: true })
  })

  test('gets the same reply after its window has ended and before the next one opens', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const first = await use(userId, 3, 'over')
    const later = new Date('2026-02-28T10:00:00.000Z')
    expect(await use(userId, 3, 'over', later)).toEqual({ ...first, repeated: true })
    expect(await use(userId, 100, 'new', later)).toMatchObject({ kind: 'allowed' })
  })

  test('with another amount or feature is refused as reused', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    await use(userId, 3, 'mine')
    expect(await use(userId, 4, 'mine')).toEqual({ kind: 'key_reused' })
    const other = { userId, feature: 'ai_minutes', key: 'mine', amount: 3 }
    expect(await database.repositories.usage.consume([other], at)).toEqual([{ kind: 'key_reused' }])
  })

  test('sent to two counters concurrently counts in one of them', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const consume = (feature: string) =>
      database.repositories.usage.consume([{ userId, feature, key: 'race', amount: 1 }], at)
    const outcomes = (await Promise.all([consume('ai_minutes'), consume('messages_sent')])).flat()
    expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['allowed', 'key_reused'])
  })
})

describe('a window', () => {
  test('ends where the next one starts: the boundary belongs to the new one', async () => {
    const { userId } = await storeActive(database.repositories, { at })
    const end = boundary(at, 'month', 1)
    await use(userId, 100)
    expect(await use(userId, 1, 'before', new Date(end.getTime() - 1))).toMatchObject({
      kind: 'refused',
    })
    expect(usedOf(await use(userId, 1, 'at', end))).toBe(1)
  })

  test('opens once, when it is first needed, even if the workflow is years late', async () => {
    const { userId, id } = await storeActive(database.repositories, { at })
    const later = new Date('2029-05-15T00:00:00Z')
    await Promise.all(Array.from({ length: 10 }, (_, index) => use(userId, 1, `n${index}`, later)))
    const { rows } = await database.pool.query(
      `select window_start, used_amount from feature_usage u join features f on f.id = u.feature_id
       where subscription_id = $1 and f.code = 'messages_sent' order by 1`,
      [id],
    )
    expect(rows).toEqual([
      { window_start: at, used_amount: 0 },
      { window_start: new Date('2029-04-30T10:00:00.000Z'), used_amount: 10 },
    ])
  })

  test('that is ended early is followed by a new one, and no usage counts in both', async () => {
    const before = await storeActive(database.repositories, { at })
    await use(before.userId, 90)
    const moved = new Date('2026-02-10T00:00:00Z')
    await database.repositories.subscriptions.save(
      aWrite(before, { after: { ...before, anchor: moved }, endWindowsAt: moved, at: moved }),
    )
    expect(usedOf(await use(before.userId, 20, 'new', moved))).toBe(20)
    expect(await windowsThatDisagree()).toEqual([])
  })
})

test('a window that is not open yet is shown as it will open: no sooner than the previous one ends', async () => {
  const { repositories } = database
  const before = await storeActive(repositories, { at })
  const ended = boundary(at, 'month', 1)
  const moved = new Date(ended.getTime() - 3_600_000)
  const after = {
    ...before,
    anchor: moved,
    period: { start: moved, end: boundary(moved, 'month', 1) },
  }
  await repositories.subscriptions.save(aWrite(before, { after, at: moved }))
  const later = new Date(ended.getTime() + 3_600_000)
  const shown = async () => {
    const found = await repositories.usage.list(after, later)
    return found.find(({ feature }) => feature.code === 'messages_sent')?.counter?.windowStart
  }
  expect(await shown()).toEqual(ended)
  await use(before.userId, 1, randomUUID(), later)
  expect(await shown()).toEqual(ended)
})

describe('usage without a counter', () => {
  test('is refused with its reason and leaves no trace', async () => {
    const waiting = await storeSubscription(database.repositories, { at })
    const { userId } = await storeActive(database.repositories, { at })
    const ask = (user: string, feature: string) =>
      database.repositories.usage
        .consume([{ userId: user, feature, key: 'once', amount: 1 }], at)
        .then(([outcome]) => outcome?.kind === 'refused' && outcome.reason)
    expect(await ask('nobody', 'messages_sent')).toBe('no_subscription')
    expect(await ask(waiting.userId, 'messages_sent')).toBe('no_access')
    expect(await ask(userId, 'telepathy')).toBe('feature_not_in_plan')
    expect(await ask(userId, 'priority_support')).toBe('feature_not_in_plan')
    const { rows } = await database.pool.query(
      `select from usage_events where idempotency_key = 'once'`,
    )
    expect(rows).toEqual([])
  })
})
