import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { intervalAt } from '../../../../domain/calendar.ts'
import type { ConsumeOutcome, ConsumeRequest } from '../../../../domain/usage/usage.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { storeActive } from '../../../support/rows.ts'

const anchor = new Date('2026-01-31T10:00:00.000Z')
const RUNS = 40
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

/** The limits of the free plan. */
const LIMITS: Record<string, number> = { messages_sent: 100, ai_minutes: 10 }

/** The rules of usage in a few lines: one counter per feature and month, one reply per key. */
function createOracle() {
  const used = new Map<string, number>()
  const answers = new Map<string, { request: ConsumeRequest; answer: object }>()
  return {
    used,
    consume(request: ConsumeRequest, at: Date) {
      const { userId, key, feature, amount } = request
      const first = answers.get(`${userId}/${key}`)
      if (first !== undefined)
        return first.request.feature === feature && first.request.amount === amount
          ? first.answer
          : { kind: 'key_reused' }
      const { start } = intervalAt(anchor, 'month', at)
      const counter = `${userId}/${feature}/${start.toISOString()}`
      const before = used.get(counter) ?? 0
      const kind = before + amount <= LIMITS[feature]! ? 'allowed' : 'refused'
      const usedAmount = kind === 'allowed' ? before + amount : before
      used.set(counter, usedAmount)
      const answer = { kind, usedAmount, windowStart: start }
      answers.set(`${userId}/${key}`, { request, answer })
      return answer
    },
  }
}

const answerOf = (outcome: ConsumeOutcome) =>
  outcome.kind === 'key_reused'
    ? { kind: outcome.kind }
    : {
        kind: outcome.kind,
        usedAmount: outcome.counter?.usedAmount,
        windowStart: outcome.counter?.windowStart,
      }

const request = (users: string[]) =>
  fc.record<ConsumeRequest>({
    userId: fc.constantFrom(...users),
    feature: fc.constantFrom(...Object.keys(LIMITS)),
    key: fc.integer({ min: 0, max: 30 }).map((n) => `k${n}`),
    amount: fc.constantFrom(1, 2, 3, 7, 40),
  })
const batches = (users: string[], firstDay: number) =>
  fc.array(
    fc.record({
      days: fc.integer({ min: firstDay, max: 28 }),
      requests: fc.array(request(users), { minLength: 1, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
const instant = (days: number) => new Date(anchor.getTime() + days * 86_400_000)
const newUsers = () =>
  Promise.all(
    [1, 2].map(async () => (await storeActive(database.repositories, { at: anchor })).userId),
  )
const named = (users: string[], given: readonly ConsumeRequest[]) =>
  given.map((each) => ({ ...each, userId: users[Number(each.userId)]! }))

test('batches over two windows, in any order, are decided as a counter in memory does', async () => {
  await fc.assert(
    // The clock goes back and forth over the end of a month and of a window.
    fc.asyncProperty(batches(['0', '1'], 0), async (given) => {
      const [users, oracle] = [await newUsers(), createOracle()]
      for (const { days, requests } of given) {
        const batch = named(users, requests)
        const outcomes = await database.repositories.usage.consume(batch, instant(days))
        // A batch decides each key's first request before it looks at repeats.
        const expected = inDecidedOrder(batch, (each) => oracle.consume(each, instant(days)))
        expect(outcomes.map(answerOf)).toEqual(expected)
      }
    }),
    { numRuns: RUNS },
  )
  expect(await audit(database.url)).toEqual([])
})

function inDecidedOrder(batch: ConsumeRequest[], decide: (request: ConsumeRequest) => object) {
  const nameOf = ({ userId, key }: ConsumeRequest) => `${userId}/${key}`
  const isFirst = batch.map(
    (each, index) => batch.findIndex((other) => nameOf(other) === nameOf(each)) === index,
  )
  const answers = batch.map((each, index) => (isFirst[index] ? decide(each) : undefined))
  return answers.map((answer, index) => answer ?? decide(batch[index]!))
}

test('concurrent batches never overshoot, and a key always has the same reply', async () => {
  await fc.assert(
    // All clocks show the same month at any time: they differ by less than a second.
    fc.asyncProperty(batches(['0', '1'], 1), async (given) => {
      const users = await newUsers()
      const ask = () =>
        Promise.all(
          given.map(({ days, requests }) =>
            database.repositories.usage.consume(named(users, requests), instant(days)),
          ),
        )
      const first = (await ask()).flat()
      const again = (await ask()).flat()
      expect(again.map(answerOf)).toEqual(first.map(answerOf))
    }),
    { numRuns: RUNS },
  )
  expect(await audit(database.url)).toEqual([])
  const { rows } = await database.pool.query(
    'select from feature_usage where used_amount > quota_limit',
  )
  expect(rows).toEqual([])
})
