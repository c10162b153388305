import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { storeActive } from '../../../support/rows.ts'

const AT = new Date('2027-01-10T12:00:00Z')

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

/** The number of counters that the short path counts. The others are left to the full decision. */
async function plainly(userId: string, at: Date, amounts: readonly number[], keys?: string[]) {
  const sums = amounts.map((_, index) => amounts.slice(0, index + 1).reduce((a, b) => a + b))
  const { rows } = await database.pool.query<{ used_amount: number }>(
    'select * from consume_usage_plainly($1, $2, $3, $4, $5, $6, $7, $8)',
    [
      at,
      [userId],
      ['messages_sent'],
      [sums.at(-1)],
      amounts.map(() => 1),
      keys ?? amounts.map(() => randomUUID()),
      amounts,
      sums,
    ],
  )
  return rows.length
}

/** An active subscription whose window is open and has an event, so that its next threshold is known. */
async function counting(at: Date): Promise<string> {
  const { userId } = await storeActive(database.repositories, { at })
  await database.repositories.usage.consume(
    [{ userId, feature: 'messages_sent', key: 'first', amount: 1 }],
    at,
  )
  return userId
}

async function usedBy(userId: string): Promise<number | undefined> {
  const { rows } = await database.pool.query<{ used_amount: number }>(
    `select u.used_amount from feature_usage u join subscriptions s on s.id = u.subscription_id
     join features f on f.id = u.feature_id where s.user_id = $1 and f.code = 'messages_sent'`,
    [userId],
  )
  return rows[0]?.used_amount
}

test('usage that fits and crosses no threshold takes the short path', async () => {
  const userId = await counting(AT)
  expect(await plainly(userId, AT, [2, 3])).toBe(1)
  expect(await usedBy(userId)).toBe(6)
})

test.each([
  ['crosses a threshold', [79]],
  ['does not fit as a whole', [1, 99]],
])('what %s is left to the full way, untouched', async (_, amounts) => {
  const userId = await counting(AT)
  expect(await plainly(userId, AT, amounts)).toBe(0)
  expect(await usedBy(userId)).toBe(1)
})

test('a recorded key leaves its counter untouched for the full decision', async () => {
  const userId = await counting(AT)
  expect(await plainly(userId, AT, [1, 1], ['new', 'first'])).toBe(0)
  expect(await usedBy(userId)).toBe(1)
})

test.each(['2027-01-31T23:00:00Z', '2027-01-31T23:59:59.999Z', '2027-02-01T00:59:59.999Z'])(
  'at %s clocks may disagree on the month, so the short path counts nothing',
  async (instant) => {
    const userId = await counting(new Date('2027-01-31T12:00:00Z'))
    expect(await plainly(userId, new Date(instant), [1])).toBe(0)
    expect(await plainly(userId, new Date('2027-01-31T22:59:59.999Z'), [1])).toBe(1)
    expect(await plainly(userId, new Date('2027-02-01T01:00:00Z'), [1])).toBe(1)
  },
)

test('a key that two processes send at the same time is counted once', async () => {
  const userId = await counting(AT)
  const keys = Array.from({ length: 30 }, (_, index) => `twice-${index}`)
  const ask = (key: string) =>
    database.repositories.usage.consume([{ userId, feature: 'messages_sent', key, amount: 1 }], AT)
  const answers = await Promise.all(keys.flatMap((key) => [ask(key), ask(key)]))
  expect(answers.flat().filter((each) => each.kind === 'allowed' && !each.repeated)).toHaveLength(
    30,
  )
  expect(await usedBy(userId)).toBe(31)
  expect(await audit(database.url)).toEqual([])
})

test('a window with extras keeps the mark, on which the short path relies', async () => {
  const userId = await counting(AT)
  const mark = (to: boolean) =>
    database.pool.query(
      `update feature_usage u set has_extras = $2 from subscriptions s where s.id = u.subscription_id and s.user_id = $1`,
      [userId, to],
    )
  await mark(true)
  await mark(true)
  await expect(mark(false)).rejects.toMatchObject({ constraint: 'extras_of_a_window_stay' })
  expect(await plainly(userId, AT, [1])).toBe(0)
})
