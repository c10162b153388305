import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getPlan, storeActive } from '../../support/rows.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

const OPERATOR = { authorization: 'Bearer bk_dev_operator' }
const asOperator = (method: string, path: string, body?: unknown, key?: string) =>
  world.call(method, path, { headers: OPERATOR, body, ...(key && { key }) })
const aUser = async () =>
  (await storeActive(world.database.repositories, { at: world.clock.now() })).userId
const aGrant = (user: string, given: object = {}) => ({
  user_id: user,
  feature: 'messages_sent',
  amount: 50,
  reason: 'sorry for the outage',
  ...given,
})
const usageOf = async (user: string) => {
  const { body } = await world.call('GET', '/usage', { user })
  return body.features.find(({ code }: { code: string }) => code === 'messages_sent')
}

describe('/admin/grants', () => {
  test('201 and effective immediately; listed; 200 when revoked', async () => {
    const user = await aUser()
    const created = await asOperator('POST', '/admin/grants', aGrant(user))
    expect(created).toMatchObject({ status: 201, body: { amount: 50, remaining: 50 } })
    const { body } = await world.call('POST', '/usage/consume', {
      user,
      body: { feature: 'messages_sent', amount: 120 },
    })
    expect(body).toMatchObject({ outcome: 'allowed', used_amount: 120, remaining: 30 })
    expect(await usageOf(user)).toMatchObject({ granted_remaining: 30, remaining: 30 })
    const listed = await asOperator('GET', `/admin/grants?user_id=${user}`)
    expect(listed.body.grants).toMatchObject([{ id: created.body.id, used_amount: 20 }])
    const revoked = await asOperator('DELETE', `/admin/grants/${created.body.id}`)
    expect(revoked).toMatchObject({ status: 200, body: { used_amount: 20, remaining: 0 } })
    const { body: log } = await asOperator('GET', `/admin/users/${user}/actions`)
    expect(log.actions.map(({ action }: { action: string }) => action)).toEqual([
      'revoke_grant',
      'grant',
    ])
  })

  test('a repeat with the same key grants nothing again; 422 with another amount', async () => {
    const [user, key] = [await aUser(), randomUUID()]
    const replies = await Promise.all(
      [1, 2, 3].map(() => asOperator('POST', '/admin/grants', aGrant(user), key)),
    )
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
    expect(await usageOf(user)).toMatchObject({ granted_remaining: 50 })
    expect(
      await asOperator('POST', '/admin/grants', aGrant(user, { amount: 60 }), key),
    ).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })

  test.each([
    [{ feature: 'telepathy' }, 404, 'feature_not_found'],
    [{ feature: 'priority_support' }, 422, 'feature_not_countable'],
    [{ amount: 0 }, 422, 'invalid_request'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 422, 'invalid_request'],
    [{ reason: '' }, 422, 'invalid_request'],
  ])('with %j is %i %s', async (given, status, code) => {
    const reply = await asOperator('POST', '/admin/grants', aGrant(await aUser(), given))
    expect(reply).toMatchObject({ status, body: { code } })
  })

  test('404 for a grant that does not exist', async () => {
    expect(await asOperator('DELETE', `/admin/grants/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { code: 'grant_not_found' },
    })
  })
})

describe('/admin/users/{user_id}/overrides', () => {
  test('200: an override is set, listed and removed', async () => {
    const user = await aUser()
    const path = `/admin/users/${user}/overrides/messages_sent`
    const body = { quota_limit: 500, reason: 'pilot' }
    expect(await asOperator('PUT', path, body)).toMatchObject({
      status: 200,
      body: { quota_limit: 500, expires_at: null },
    })
    expect(await usageOf(user)).toMatchObject({ quota_limit: 500, remaining: 500 })
    const listed = await asOperator('GET', `/admin/users/${user}/overrides`)
    expect(listed.body.overrides).toHaveLength(1)
    expect(await asOperator('DELETE', path)).toMatchObject({ status: 200 })
    expect(await asOperator('DELETE', path)).toMatchObject({
      status: 404,
      body: { code: 'override_not_found' },
    })
    expect(await usageOf(user)).toMatchObject({ quota_limit: 100 })
  })
})

describe('a switch of a boolean feature', () => {
  const switched = (user: string, body: object, feature = 'priority_support') =>
    asOperator('PUT', `/admin/users/${user}/overrides/${feature}`, { reason: 'pilot', ...body })
  /** Whether the feature is on, in every call that shows it. */
  const isOn = async (user: string) => {
    const body = { feature: 'priority_support' }
    const { body: usage } = await world.call('GET', '/usage', { user })
    const listed = usage.features.some(({ code }: { code: string }) => code === body.feature)
    const replies = await Promise.all(
      ['check', 'consume'].map((call) => world.call('POST', `/usage/${call}`, { user, body })),
    )
    const reasons = replies.map((reply) => reply.body.reason)
    const reason = listed ? 'feature_not_countable' : 'feature_not_in_plan'
    expect(reasons).toEqual([reason, reason])
    return listed
  }
  const anEnterprise = async () => {
    const plan = await getPlan(world.database.repositories, 'plan_enterprise')
    return (await storeActive(world.database.repositories, { at: world.clock.now(), plan })).userId
  }

  test('adds it to a plan without it, takes it from one with it, and ends', async () => {
    const [user, enterprise] = [await aUser(), await anEnterprise()]
    expect([await isOn(user), await isOn(enterprise)]).toEqual([false, true])
    expect(await switched(user, { enabled: true })).toMatchObject({
      status: 200,
      body: { enabled: true, quota_limit: null },
    })
    const soon = new Date(world.clock.now().getTime() + 3_600_000)
    await switched(enterprise, { enabled: false, expires_at: soon.toISOString() })
    expect([await isOn(user), await isOn(enterprise)]).toEqual([true, false])
    await asOperator('DELETE', `/admin/users/${user}/overrides/priority_support`)
    await world.moveTo(soon)
    expect([await isOn(user), await isOn(enterprise)]).toEqual([false, true])
    const { body: log } = await asOperator('GET', `/admin/users/${user}/actions`)
    expect(log.actions).toMatchObject([
      { action: 'remove_override', before: { enabled: true } },
      { action: 'set_override', after: { enabled: true } },
    ])
  })

  test('is one, however many are set at once', async () => {
    const user = await aUser()
    const replies = await Promise.all(
      [true, false, true, false].map((enabled) => switched(user, { enabled })),
    )
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const { body } = await asOperator('GET', `/admin/users/${user}/overrides`)
    expect(body.overrides).toHaveLength(1)
    expect(await isOn(user)).toBe(body.overrides[0].enabled)
  })

  test.each([
    [{ quota_limit: 5 }, 'priority_support', 'feature_not_countable'],
    [{ enabled: true }, 'messages_sent', 'feature_has_amount'],
    [{ enabled: true, quota_limit: 5 }, 'messages_sent', 'invalid_request'],
    [{}, 'priority_support', 'invalid_request'],
  ])('with %j of %s is 422 %s', async (body, feature, code) => {
    expect(await switched(await aUser(), body, feature)).toMatchObject({
      status: 422,
      body: { code },
    })
  })
})

test('403 without the scope operator', async () => {
  const calls = [
    ['POST', '/admin/grants', aGrant('ada')],
    ['GET', '/admin/grants'],
    ['DELETE', `/admin/grants/${randomUUID()}`],
    ['PUT', '/admin/users/ada/overrides/messages_sent', { quota_limit: 1, reason: 'x' }],
    ['GET', '/admin/users/ada/overrides'],
    ['DELETE', '/admin/users/ada/overrides/messages_sent'],
    ['GET', '/admin/users/ada/actions'],
  ] as const
  for (const [method, path, body] of calls)
    expect(await world.call(method, path, { body })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
})
