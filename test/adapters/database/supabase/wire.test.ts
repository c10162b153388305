import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowFromJson } from '../../../../adapters/database/operations/row-from-json.ts'
import { createSupabaseRepositories } from '../../../../adapters/database/supabase/repositories.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { startTestSupabase } from '../../../support/postgrest.ts'
import { storeActive, storePlan } from '../../../support/rows.ts'

const AT = new Date('2026-01-31T10:00:00.123Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase({ kind: 'supabase' })
})
afterAll(() => database.close())

describe('values without a JSON type', () => {
  test('instants are read as they were written, to the millisecond', async () => {
    const active = await storeActive(database.repositories, { at: AT })
    const found = await database.repositories.subscriptions.find(active.id)
    expect(found).toEqual(active)
    expect(found!.anchor!.toISOString()).toBe('2026-01-31T10:00:00.123Z')
  })

  test('a number that JSON rounds is refused', () => {
    const columns = { instants: [], bigints: ['used_amount'] }
    expect(() => rowFromJson(JSON.parse('{"used_amount": 9007199254740993}'), columns)).toThrow(
      RangeError,
    )
    expect(rowFromJson(JSON.parse('{"used_amount": 9007199254740991}'), columns)).toEqual({
      used_amount: Number.MAX_SAFE_INTEGER,
    })
  })

  test('amounts beyond 32 bits are counted', async () => {
    const plan = await storePlan(database, { quotaLimit: 900_000_000_000 })
    const { userId } = await storeActive(database.repositories, { plan, at: AT })
    const [outcome] = await database.repositories.usage.consume(
      [{ userId, feature: 'messages_sent', key: 'big', amount: 800_000_000_000 }],
      AT,
    )
    expect(outcome).toMatchObject({ counter: { remaining: 100_000_000_000 } })
  })
})

test.each(['a,b', '(x)', 'a.b:c', '"quoted"', 'back\\slash', 'null', 'eq.1', '*', 'ü/ö?&=#%', ' '])(
  'the user id %s finds that user, in filters and in operations',
  async (user) => {
    const { id } = await storeActive(database.repositories, { user, at: AT })
    const { customers, subscriptions, usage } = database.repositories
    expect(await customers.find(user)).toMatchObject({ userId: user })
    expect(await subscriptions.findLive(user, 'main')).toMatchObject({ id })
    expect((await subscriptions.listOfUser(user, 10)).map((each) => each.id)).toEqual([id])
    const question = { userId: user, feature: 'messages_sent', amount: 1 }
    expect(await usage.check([question], AT)).toMatchObject([{ kind: 'allowed' }])
  },
)

describe('large replies and requests', () => {
  test('a batch of 1,000 events gets all its replies', async () => {
    const plan = await storePlan(database, { quotaLimit: null })
    const { userId } = await storeActive(database.repositories, { plan, at: AT })
    const requests = Array.from({ length: 1_000 }, (_, index) => ({
      userId,
      feature: 'messages_sent',
      key: `k${index}`,
      amount: 1,
    }))
    const outcomes = await database.repositories.usage.consume(requests, AT)
    expect(outcomes.filter(({ kind }) => kind === 'allowed')).toHaveLength(1_000)
  })

  test('a thousand names in one request are sent in its body', async () => {
    const keys = Array.from({ length: 1_000 }, (_, index) => `differs/${'x'.repeat(100)}${index}`)
    const how = { state: 'dismissed', by: 'test' } as const
    expect(await database.repositories.drift.close(keys, how, AT)).toEqual([])
  })

  test('a PostgREST that truncates replies is not ready, and its error names the setting', async () => {
    const narrow = await startTestSupabase(database.url, { maxRows: 100 })
    const repositories = createSupabaseRepositories(narrow)
    await expect(repositories.ping()).rejects.toThrow(/at most 100 rows[\s\S]*db-max-rows/)
    await repositories.close()
    await narrow.close()
  })
})
