import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_PATH } from '../../../api/app.ts'
import { findApiKey, findApiKeyByHash } from '../../../api/auth/api-key.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'a secret of a test that is long enough'
const PAGE = 'https://app.example.com'

let world: World
beforeAll(async () => {
  world = await createWorld({
    worker: false,
    access: {
      userTokens: { secret: SECRET },
      rateLimits: { keyPerMinute: 5, userPerMinute: 2 },
      corsOrigins: [PAGE],
    },
  })
})
afterAll(() => world.close())

const tokenOf = async (sub: string) => {
  const token = await new SignJWT({ sub })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET))
  return { authorization: `Bearer ${token}` }
}
const preflight = (origin: string) =>
  fetch(`${world.url}${BASE_PATH}/subscriptions`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET' },
  })

test('each response has the remaining calls; above the limit it is 429 with Retry-After, also for usage', async () => {
  const call = () =>
    world.call('POST', '/usage/consume', { user: 'ada', body: { feature: 'messages_sent' } })
  for (const left of [4, 3, 2, 1, 0]) {
    const { status, headers } = await call()
    expect([status, headers.get('ratelimit')]).toEqual([
      200,
      expect.stringMatching(new RegExp(`^"key";r=${left};t=\\d+$`)),
    ])
    expect(headers.get('ratelimit-policy')).toBe('"key";q=5;w=60')
  }
  const over = await call()
  expect(over).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
  const wait = Number(over.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  const other = { authorization: 'Bearer bk_dev_operator' }
  expect(await world.call('GET', '/admin/grants', { headers: other })).toMatchObject({
    status: 200,
  })
})

test('all tokens of a user share one limit, and other users have their own', async () => {
  const read = async (sub: string) =>
    (await world.call('GET', '/subscriptions', { headers: await tokenOf(sub) })).status
  expect([await read('ada'), await read('ada'), await read('ada')]).toEqual([200, 200, 429])
  expect(await read('bob')).toBe(200)
})

test('development keys in the database are invalid where they are not allowed', async () => {
  const { apiKeys } = world.container.repositories
  const find = findApiKey(findApiKeyByHash({ apiKeys, clock: world.clock }), {
    developmentKeys: false,
  })
  expect(await find('bk_dev_operator')).toBeUndefined()
})

test('a page of a configured origin can call and read the limits; another one cannot', async () => {
  const allowed = await preflight(PAGE)
  expect(allowed.status).toBe(204)
  expect(allowed.headers.get('access-control-allow-origin')).toBe(PAGE)
  expect(allowed.headers.get('access-control-allow-headers')).not.toMatch(/x-user-id/i)
  expect((await preflight('https://evil.example')).headers.has('access-control-allow-origin')).toBe(
    false,
  )
  const { headers } = await world.call('GET', '/subscriptions', {
    headers: { ...(await tokenOf('carl')), origin: PAGE },
  })
  expect(headers.get('access-control-allow-origin')).toBe(PAGE)
  expect(headers.get('access-control-expose-headers')).toMatch(/RateLimit/)
})

test('a page can also read a refusal', async () => {
  const { status, headers } = await world.call('GET', '/subscriptions', {
    headers: { authorization: 'Bearer nobody', origin: PAGE },
  })
  expect([status, headers.get('access-control-allow-origin')]).toEqual([401, PAGE])
})
