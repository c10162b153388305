import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newApiKey } from '../../../adapters/secrets/api-key-secret.ts'
import type { ApiKeyAct, Scope } from '../../../domain/operator/api-key.ts'
import { refuseDevelopmentKeys } from '../../../api/auth/development-keys.ts'
import type { Reply } from '../../support/call.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

const DAY_MS = 86_400_000
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const asOperator = (method: string, path: string, body?: unknown, key?: string) =>
  world.call(method, path, { headers: bearer('bk_dev_operator'), body, ...(key && { key }) })
const make = async (scopes: Scope[], given: object = {}) =>
  (await asOperator('POST', '/admin/api-keys', { name: 'shop', scopes, ...given })).body
const reads = async (key: string) =>
  (await world.call('GET', '/subscriptions', { user: 'ada', headers: bearer(key) })).status
const statusesOf = (replies: Reply[]) =>
  replies.map(({ status }) => status).sort((one, other) => one - other)
/** Longer than keys are cached. */
const later = () => world.advanceTo(new Date(world.clock.now().getTime() + 6_000))

/** Stores a key as if it had been created at another time. */
async function store(act: ApiKeyAct, expiresAt: Date | null) {
  const { key, prefix, hash } = newApiKey()
  const id = randomUUID()
  const scopes = ['app'] as const
  await world.container.repositories.apiKeys.create(
    { id, name: 'stored', prefix, hash, scopes, expiresAt },
    act,
  )
  return { id, key }
}

describe('an API key', () => {
  test('is shown once, is valid immediately, and is not stored', async () => {
    const made = await make(['app'])
    expect(made).toMatchObject({ name: 'shop', scopes: ['app'], expires_at: null })
    expect(made.key).toMatch(/^bk_[\w-]{43}$/)
    expect(made.key.startsWith(made.prefix)).toBe(true)
    expect(await reads(made.key)).toBe(200)
    const listed = await asOperator('GET', '/admin/api-keys')
    expect(JSON.stringify(listed.body)).not.toContain(made.key)
    const { rows } = await world.database.pool.query('select * from api_keys')
    expect(JSON.stringify(rows)).not.toContain(made.key)
  })

  test('a repeated request creates one key and returns a conflict', async () => {
    const body = { name: 'once', scopes: ['app'] }
    const key = randomUUID()
    const replies = await Promise.all(
      [1, 2, 3].map(() => asOperator('POST', '/admin/api-keys', body, key)),
    )
    expect(statusesOf(replies)).toEqual([201, 409, 409])
    const { rows } = await world.database.pool.query(
      `select from api_keys where name = 'once' and created_by is not null`,
    )
    expect(rows).toHaveLength(1)
  })

  test('has the time of its last use, which is stored at most once a minute', async () => {
    const made = await make(['app'])
    const lastUse = async () => {
      const { body } = await asOperator('GET', '/admin/api-keys')
      return body.api_keys.find(({ id }: { id: string }) => id === made.id).last_used_at
    }
    expect(await lastUse()).toBeNull()
    await reads(made.key)
    const first = await lastUse()
    expect(first).not.toBeNull()
    await later()
    await reads(made.key)
    expect(await lastUse()).toBe(first)
    await world.advanceTo(new Date(world.clock.now().getTime() + 60_000))
    await reads(made.key)
    expect(await lastUse()).not.toBe(first)
  })

  test('is invalid after it has expired or was revoked, and stays listed', async () => {
    const now = world.clock.now().getTime()
    const past = { at: new Date(now - DAY_MS), by: null }
    const expired = await store(past, new Date(now - 1_000))
    expect(await reads(expired.key)).toBe(401)
    const { id, key } = await make(['app'])
    expect(await reads(key)).toBe(200)
    for (const _ of [1, 2])
      expect(await asOperator('DELETE', `/admin/api-keys/${id}`)).toMatchObject({ status: 200 })
    await later()
    expect(await reads(key)).toBe(401)
    const { body } = await asOperator('GET', '/admin/api-keys')
    const ids = body.api_keys.map((each: { id: string }) => each.id)
    expect(ids).toEqual(expect.arrayContaining([id, expired.id]))
  })

  test('the cache does not extend the life of a key', async () => {
    const now = world.clock.now()
    const { key } = await store({ at: now, by: null }, new Date(now.getTime() + 2_000))
    expect(await reads(key)).toBe(200)
    await world.advanceTo(new Date(now.getTime() + 2_500))
    expect(await reads(key)).toBe(401)
  })

  test.each([
    ['no scope', { scopes: [] }, 'scopes'],
    ['an unknown scope', { scopes: ['root'] }, 'scopes.0'],
    ['no name', { name: '' }, 'name'],
    ['an expiry in the past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
  ])('with %s is not created', async (_, given, field) => {
    const body = { name: 'x', scopes: ['app'], ...given }
    expect(await asOperator('POST', '/admin/api-keys', body)).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    })
  })
})

describe('a rotation', () => {
  test('keeps both keys valid during the overlap, then only the successor', async () => {
    const old = await make(['app', 'read'])
    const path = `/admin/api-keys/${old.id}/rotation`
    const { status, body } = await asOperator('POST', path, { overlap_seconds: 3_600 })
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'shop', scopes: ['app', 'read'], rotated_from: old.id })
    expect([await reads(old.key), await reads(body.key)]).toEqual([200, 200])
    await world.advanceTo(new Date(body.replaced.expires_at))
    expect([await reads(old.key), await reads(body.key)]).toEqual([401, 200])
  })

  test('creates one successor for five concurrent requests; 404 for an unknown key', async () => {
    const { id } = await make(['app'])
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map(() => asOperator('POST', `/admin/api-keys/${id}/rotation`, {})),
    )
    expect(statusesOf(replies)).toEqual([201, 409, 409, 409, 409])
    expect(await asOperator('POST', `/admin/api-keys/${randomUUID()}/rotation`, {})).toMatchObject({
      status: 404,
      body: { code: 'api_key_not_found' },
    })
  })
})

test('production does not start on a database with development keys', async () => {
  const start = () => refuseDevelopmentKeys(world.container.repositories.apiKeys, world.clock.now())
  await expect(start()).rejects.toThrow(/npm run keys -- revoke/)
})

test('concurrent revocations keep the last operator key', async () => {
  const { rows } = await world.database.pool.query<{ id: string }>(
    `select id from api_keys where 'operator' = any (scopes) and revoked_at is null`,
  )
  const another = await make(['operator'])
  const ids = [...rows.map(({ id }) => id), another.id]
  const replies = await Promise.all(ids.map((id) => asOperator('DELETE', `/admin/api-keys/${id}`)))
  const refused = replies.filter(({ status }) => status === 409)
  expect(refused.map(({ body }) => body.code)).toEqual(['last_operator_key'])
})
