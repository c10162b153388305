import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeActive, storeSubscription } from '../../support/rows.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

/** A user with the free plan: 100 messages. */
const aUser = async () =>
  (await storeActive(world.database.repositories, { at: world.clock.now() })).userId
const post = (path: string, user: string | undefined, body: unknown, key?: string) =>
  world.call('POST', path, { ...(user && { user }), body, ...(key && { key }) })
const anEvent = (amount = 1, key: string = randomUUID(), feature = 'messages_sent') => ({
  feature,
  amount,
  idempotency_key: key,
})
const used = async (user: string) =>
  (await post('/usage/check', user, { feature: 'messages_sent' })).body.used_amount

describe('POST /usage/consume', () => {
  test('200 allowed, then 200 refused, with the remaining amount and the reset', async () => {
    const user = await aUser()
    const allowed = await post('/usage/consume', user, { feature: 'messages_sent', amount: 60 })
    expect(allowed).toMatchObject({
      status: 200,
      body: { outcome: 'allowed', used_amount: 60, quota_limit: 100, remaining: 40 },
    })
    expect(new Date(allowed.body.resets_at) > world.clock.now()).toBe(true)
    const refused = await post('/usage/consume', user, { feature: 'messages_sent', amount: 41 })
    expect(refused).toMatchObject({
      status: 200,
      body: { outcome: 'refused', reason: 'quota_exceeded', used_amount: 60, remaining: 40 },
    })
  })

  test('concurrent calls with one key get the same response', async () => {
    const user = await aUser()
    const body = { feature: 'messages_sent', amount: 7 }
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => post('/usage/consume', user, body, 'together')),
    )
    expect(replies.map((reply) => reply.body)).toEqual(replies.map(() => replies[0]!.body))
    expect(await used(user)).toBe(7)
  })

  test('422 for a key that was used with another amount', async () => {
    const user = await aUser()
    await post('/usage/consume', user, { feature: 'messages_sent', amount: 1 }, 'mine')
    expect(
      await post('/usage/consume', user, { feature: 'messages_sent', amount: 2 }, 'mine'),
    ).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })
})

test('responses about usage have the same security headers as all others', async () => {
  const IRRELEVANT = new Set(
    'content-length content-type date x-request-id ratelimit ratelimit-policy'.split(' '),
  )
  const headersOf = ({ headers }: { headers: Headers }) =>
    [...headers].filter(([name]) => !IRRELEVANT.has(name))
  const other = headersOf(await world.call('GET', '/plans'))
  expect(other.length).toBeGreaterThan(8)
  for (const body of [{ feature: 'messages_sent' }, {}, '{'])
    expect(headersOf(await post('/usage/consume', 'ada', body))).toEqual(other)
  expect(headersOf(await post('/usage/nothing', 'ada', {}))).toEqual(other)
})

describe('POST /usage/check', () => {
  test('200 with the outcome of consume, below and above the limit, and counts nothing', async () => {
    const user = await aUser()
    const ask = (amount: number) => post('/usage/check', user, { feature: 'messages_sent', amount })
    for (let i = 0; i < 3; i++)
      expect(await ask(100)).toMatchObject({
        status: 200,
        body: { outcome: 'allowed', used_amount: 0, quota_limit: 100, remaining: 100 },
      })
    expect((await ask(101)).body).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
    await post('/usage/consume', user, { feature: 'messages_sent', amount: 95 })
    expect((await ask(5)).body).toMatchObject({ outcome: 'allowed', used_amount: 95, remaining: 5 })
    expect((await ask(6)).body).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
  })

  test('200 with the reason of consume', async () => {
    const [user, enterprise] = [await aUser(), `user-${randomUUID()}`]
    const { repositories } = world.database
    const plan = (await repositories.plans.findActive('plan_enterprise'))!
    const at = world.clock.now()
    await storeActive(repositories, { at, plan, user: enterprise })
    const { userId: waiting } = await storeSubscription(repositories, { at })
    const cases = [
      [user, 'priority_support'],
      [enterprise, 'priority_support'],
      [enterprise, 'messages_sent'],
      [waiting, 'messages_sent'],
      ['nobody', 'messages_sent'],
    ] as const
    const reasons = []
    for (const [who, feature] of cases) {
      const checked = await post('/usage/check', who, { feature })
      const consumed = await post('/usage/consume', who, { feature })
      const { outcome, reason } = checked.body
      expect({ outcome, reason }).toEqual({
        outcome: consumed.body.outcome,
        reason: consumed.body.reason,
      })
      reasons.push(reason)
    }
    expect(reasons).toEqual([
      'feature_not_in_plan',
      'feature_not_countable',
      undefined,
      'no_access',
      'no_subscription',
    ])
  })

  test('of a window that is not open yet opens it, as `consume` would', async () => {
    const begun = new Date(world.clock.now().getTime() - 90 * 86_400_000)
    const { userId, id } = await storeActive(world.database.repositories, { at: begun })
    const { body } = await post('/usage/check', userId, { feature: 'messages_sent', amount: 100 })
    expect(body).toMatchObject({ outcome: 'allowed', used_amount: 0, remaining: 100 })
    expect(new Date(body.resets_at) > world.clock.now()).toBe(true)
    const { rows } = await world.database.pool.query(
      `select window_start from feature_usage u join features f on f.id = u.feature_id
       where subscription_id = $1 and f.code = 'messages_sent' and used_amount = 0 and window_end = $2`,
      [id, body.resets_at],
    )
    expect(rows).toHaveLength(1)
    const consumed = await post('/usage/consume', userId, { feature: 'messages_sent' })
    expect(consumed.body.resets_at).toBe(body.resets_at)
  })
})

describe('POST /usage/batch', () => {
  test('200 with an outcome per event in order: a smaller event is allowed after a refused one', async () => {
    const user = await aUser()
    const { status, body } = await post('/usage/batch', user, {
      events: [anEvent(60), anEvent(50), anEvent(1, 'x', 'telepathy'), anEvent(40)],
    })
    expect(status).toBe(200)
    expect(body.events).toMatchObject([
      { outcome: 'allowed', used_amount: 60, remaining: 40 },
      { outcome: 'refused', reason: 'quota_exceeded', used_amount: 60 },
      { outcome: 'refused', reason: 'feature_not_in_plan' },
      { outcome: 'allowed', used_amount: 100, remaining: 0 },
    ])
  })

  test('a repeated key counts once, and so does a repeat of the whole batch', async () => {
    const user = await aUser()
    const call = {
      events: [anEvent(5, 'twin'), anEvent(3), anEvent(5, 'twin'), anEvent(6, 'twin')],
    }
    const first = await post('/usage/batch', user, call)
    const [one, , twin, other] = first.body.events
    expect(twin).toEqual(one)
    expect(other).toMatchObject({ outcome: 'refused', reason: 'idempotency_key_reused' })
    expect((await post('/usage/batch', user, call)).body).toEqual(first.body)
    expect(await used(user)).toBe(8)
  })

  test('a thousand events are one statement', async () => {
    const { userId, id } = await storeActive(world.database.repositories, {
      at: world.clock.now(),
      plan: (await world.database.repositories.plans.findActive('plan_enterprise'))!,
    })
    const events = Array.from({ length: 1_000 }, () => anEvent())
    const { body } = await post('/usage/batch', userId, { events })
    expect(body.events[999]).toMatchObject({ outcome: 'allowed', used_amount: 1_000 })
    const { rows } = await world.database.pool.query(
      `select count(*)::int as events, count(distinct xmin::text)::int as statements
       from usage_events where subscription_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ events: 1_000, statements: 1 }])
  })
})

describe.each([
  ['/usage/check', { feature: 'messages_sent' }],
  ['/usage/batch', { events: [anEvent()] }],
])('%s', (path, body) => {
  test('401 without a key', async () => {
    const headers = { authorization: '' }
    expect(await world.call('POST', path, { user: 'ada', body, headers })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    })
  })

  test('400 without a user, and for invalid JSON', async () => {
    expect(await post(path, undefined, body)).toMatchObject({
      status: 400,
      body: { code: 'user_missing' },
    })
    expect(await post(path, 'ada', '{')).toMatchObject({
      status: 400,
      body: { code: 'malformed_json' },
    })
  })
})

describe('422 with the name of the field for', () => {
  const [event] = [anEvent()]
  const { idempotency_key: _, ...keyless } = event
  const cases: [string, string, unknown, string][] = [
    ['an amount of zero', '/usage/check', { feature: 'messages_sent', amount: 0 }, 'amount'],
    ['an unknown field', '/usage/check', { feature: 'a', key: 'b' }, 'key'],
    ['a feature with a NUL', '/usage/check', { feature: 'a\u0000' }, 'feature'],
    ['an empty batch', '/usage/batch', { events: [] }, 'events'],
    ['an event without a key', '/usage/batch', { events: [keyless] }, 'events.0.idempotency_key'],
    [
      'a key with a NUL',
      '/usage/batch',
      { events: [event, { ...event, idempotency_key: '\u0000' }] },
      'events.1.idempotency_key',
    ],
    [
      'more than a thousand events',
      '/usage/batch',
      { events: Array.from({ length: 1_001 }, () => event) },
      'events',
    ],
  ]
  test.each(cases)('%s', async (_what, path, body, field) => {
    const reply = await post(path, 'ada', body)
    expect(reply).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
    expect(reply.body.errors[0].field).toBe(field)
  })
})
