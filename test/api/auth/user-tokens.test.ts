import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyUserTokens } from '../../../api/auth/user-token.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = new TextEncoder().encode('a secret of a test that is long enough')
const ISSUER = 'https://project.supabase.co/auth/v1'
const AUDIENCE = 'authenticated'

let world: World
let issuer: Awaited<ReturnType<typeof startIssuer>>
beforeAll(async () => {
  issuer = await startIssuer()
  const userTokens = {
    secret: new TextDecoder().decode(SECRET),
    jwksUrl: issuer.url,
    issuer: ISSUER,
    audience: AUDIENCE,
  }
  world = await createWorld({ worker: false, access: { userTokens } })
})
afterAll(async () => {
  await world.close()
  await issuer.close()
})

/** An issuer that publishes keys, and counts the requests for them. */
async function startIssuer() {
  const keys: object[] = []
  let requests = 0
  const server = createServer((_, response) => {
    requests += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/.well-known/jwks.json`,
    requests: () => requests,
    async newKey(kid: string) {
      const { privateKey, publicKey } = await generateKeyPair('ES256')
      keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' })
      return privateKey
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const claims = (given: JWTPayload = {}): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ada',
  exp: seconds(3_600),
  ...given,
})
const seconds = (ahead: number) => Math.floor(world.clock.now().getTime() / 1_000) + ahead
const signed = (payload: JWTPayload, key = SECRET) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(key)
const ask = (token: string, headers: Record<string, string> = {}) =>
  world.call('GET', '/subscriptions', { headers: { authorization: `Bearer ${token}`, ...headers } })

describe('a token is refused', () => {
  const cases: [string, () => Promise<string>, RegExp][] = [
    ['signed with another secret', () => signed(claims(), new Uint8Array(32)), /not signed/],
    ['that has expired', () => signed(claims({ exp: seconds(-10) })), /expired/],
    ['that is not valid yet', () => signed(claims({ nbf: seconds(60) })), /`nbf`/],
    ['of another issuer', () => signed(claims({ iss: 'https://evil' })), /`iss`/],
    ['for another service', () => signed(claims({ aud: 'shop' })), /`aud`/],
    ['without a subject, such as Supabase’s anonymous key', () => signed(without('sub')), /`sub`/],
    ['without an expiry', () => signed(without('exp')), /`exp`/],
    ['with a user id that is too long', () => signed(claims({ sub: 'x'.repeat(129) })), /user id/],
    ['with a NUL in the user id', () => signed(claims({ sub: 'a\0b' })), /user id/],
    [
      'with half a surrogate pair as the user id',
      () => signed(claims({ sub: '\ud800' })),
      /user id/,
    ],
    ['without a signature', unsigned, /not signed/],
    ['that is not a JWT', async () => 'a.b.c', /not signed/],
  ]
  test.each(cases)('%s', async (_, token, detail) => {
    const { status, body } = await ask(await token())
    expect([status, body.code, body.detail]).toEqual([
      401,
      'unauthenticated',
      expect.stringMatching(detail),
    ])
  })

  test('that is signed with HS256 and the issuer’s public key', async () => {
    const kid = 'confusion'
    await issuer.newKey(kid)
    const { keys } = (await (await fetch(issuer.url)).json()) as { keys: { x: string }[] }
    const secret = new TextEncoder().encode(JSON.stringify(keys.at(-1)))
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid }).sign(secret)
    expect(await ask(token)).toMatchObject({ status: 401 })
  })

  test('together with X-User-Id', async () => {
    expect(await ask(await signed(claims()), { 'x-user-id': 'bob' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'X-User-Id' }] },
    })
  })
})

test.each([
  ['coupon', { coupon: 'launch' }],
  ['email', { email: 'someone.else@example.com' }],
  ['payment_method_collection', { payment_method_collection: 'if_required' }],
])('a user’s token cannot choose the %s of a checkout', async (field, choice) => {
  const headers = { authorization: `Bearer ${await signed(claims())}` }
  const body = { plan_id: 'plan_starter', ...choice }
  expect(await world.call('POST', '/subscriptions/checkout', { headers, body })).toMatchObject({
    status: 422,
    body: { errors: [{ field }] },
  })
})

const without = (claim: string) =>
  Object.fromEntries(Object.entries(claims()).filter(([name]) => name !== claim))
const unsigned = async () =>
  [{ alg: 'none' }, claims()]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('x')
    .join('.')

describe('the issuer’s keys', () => {
  const of = async (kid: string) => {
    const key = await issuer.newKey(kid)
    return () => new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
  }

  test('are fetched once, and again for a new key', async () => {
    const before = issuer.requests()
    const token = await of('first')
    for (const _ of [1, 2, 3]) expect(await ask(await token())).toMatchObject({ status: 200 })
    expect(issuer.requests() - before).toBe(1)
    // Invented key ids do not cause a request each.
    const unknown = (await generateKeyPair('ES256')).privateKey
    for (const kid of ['x', 'y', 'z']) {
      const forged = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'ES256', kid })
        .sign(unknown)
      expect(await ask(forged)).toMatchObject({ status: 401 })
    }
    expect(issuer.requests() - before).toBe(1)
  })

  test('are unavailable: the response is 503, not 401', async () => {
    const key = (await generateKeyPair('ES256')).privateKey
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256' }).sign(key)
    const verify = verifyUserTokens({ jwksUrl: 'http://127.0.0.1:9/' }, world.clock)
    expect(await verify(token)).toMatchObject({ kind: 'unavailable' })
  })
})

test('without a configured key all tokens are refused', async () => {
  const verify = verifyUserTokens({}, world.clock)
  expect(await verify(await signed(claims()))).toMatchObject({ kind: 'refused' })
})

test('a user can subscribe with their token, and e-mails go only to its address', async () => {
  const authorization = `Bearer ${await signed(claims({ sub: 'eve', email: 'eve@example.com' }))}`
  const buy = (email?: string) =>
    world.call('POST', '/subscriptions/checkout', {
      headers: { authorization },
      body: { plan_id: 'plan_free', ...(email && { email }) },
    })
  expect(await buy('victim@example.com')).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'email' }] },
  })
  await world.startWorker()
  expect(await buy()).toMatchObject({ status: 201, body: { status: 'active' } })
  expect(await world.container.repositories.customers.find('eve')).toMatchObject({
    email: 'eve@example.com',
  })
})
