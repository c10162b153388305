import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeActive } from '../support/rows.ts'
import { createWorld, type World } from '../support/world.ts'

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
