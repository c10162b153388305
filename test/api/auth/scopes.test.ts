import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newApiKey } from '../../../adapters/secrets/api-key-secret.ts'
import type { Scope } from '../../../domain/operator/api-key.ts'
import { storeActive } from '../../support/rows.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'a secret of a test that is long enough'

let world: World
let subscription: { readonly id: string; readonly userId: string }
const callers: Record<string, Record<string, string>> = {}
beforeAll(async () => {
  world = await createWorld({ worker: false, access: { userTokens: { secret: SECRET } } })
  const at = world.clock.now()
  subscription = await storeActive(world.database.repositories, { at })
  const { userId } = subscription
  for (const scope of ['app', 'read', 'operator'] as const)
    callers[scope] = { ...(await keyOf(scope)), 'x-user-id': userId }
  callers['token'] = await tokenOf(userId)
  callers['another'] = await tokenOf('another user')
})
afterAll(() => world.close())

async function keyOf(scope: Scope) {
  const { key, prefix, hash } = newApiKey()
  const id = crypto.randomUUID()
  await world.container.repositories.apiKeys.create(
    { id, name: scope, prefix, hash, scopes: [scope], expiresAt: null },
    { at: world.clock.now(), by: null },
  )
  return { authorization: `Bearer ${key}` }
}

async function tokenOf(sub: string) {
  const token = await new SignJWT({ sub })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET))
  return { authorization: `Bearer ${token}` }
}

const feature = 'messages_sent'
/** Calls with the callers that they accept. All other callers get 403. */
const CALLS: [string, string, unknown, string[]][] = [
  ['GET', '/usage', undefined, ['app', 'read', 'token']],
  [
    'GET',
    `/usage/history?feature=${feature}&bucket=day&from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z`,
    undefined,
    ['app', 'read', 'token'],
  ],
  ['GET', '/subscriptions', undefined, ['app', 'read', 'token']],
  ['GET', '/subscriptions/current', undefined, ['app', 'read', 'token']],
  ['GET', '/subscriptions/:id', undefined, ['app', 'read', 'token']],
  ['GET', '/subscriptions/:id/timeline', undefined, ['app', 'read', 'token']],
  ['GET', '/invoices', undefined, ['app', 'read', 'token']],
  ['POST', '/usage/check', { feature }, ['app', 'read', 'token']],
  ['POST', '/usage/consume', { feature }, ['app']],
  ['POST', '/usage/release', { feature }, ['app']],
  ['POST', '/usage/batch', { events: [{ feature, idempotency_key: 'one' }] }, ['app']],
  ['POST', '/usage/reservations', { feature, amount: 1, expires_in: 60 }, ['app']],
  ['PUT', '/subscriptions/:id/trial', { ends_at: '2030-01-01T00:00:00Z' }, ['operator']],
  ['GET', '/admin/api-keys', undefined, ['operator']],
  ['GET', '/admin/grants', undefined, ['operator']],
]

test.each(CALLS)('%s %s accepts only its callers', async (method, path, body, allowed) => {
  for (const [name, headers] of Object.entries(callers)) {
    if (name === 'another') continue
    const at = path.replace(':id', subscription.id)
    const { status, body: answer } = await world.call(method, at, { headers, body })
    const isAccepted = answer.code !== 'forbidden'
    expect([name, isAccepted, status]).toEqual([name, allowed.includes(name), status])
  }
})

test('another user’s token cannot see that a subscription exists', async () => {
  const headers = callers['another']!
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['GET', '/timeline', undefined],
    ['PUT', '/cancellation', { when: 'now' }],
  ] as const) {
    const theirs = await world.call(method, `/subscriptions/${subscription.id}${path}`, {
      headers,
      body,
    })
    const nobodys = await world.call(method, `/subscriptions/${crypto.randomUUID()}${path}`, {
      headers,
      body,
    })
    expect(theirs.status).toBe(404)
    expect({ ...theirs.body, request_id: '' }).toEqual({ ...nobodys.body, request_id: '' })
  }
  const { body } = await world.call('GET', '/subscriptions', { headers })
  expect(body.subscriptions).toEqual([])
})
