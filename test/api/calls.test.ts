import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { SignJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operationsOf, readDocument, type Document, type Schema } from '../fuzz/document.ts'
import { storeActive } from '../support/rows.ts'
import { createWorld, type World } from '../support/world.ts'

const SECRET = 'a secret of a test that is long enough'
const OPERATOR = { authorization: 'Bearer bk_dev_operator' }
const JSON_TYPE = { 'content-type': 'application/json' }

let world: World
let document: Document
beforeAll(async () => {
  world = await createWorld({ worker: false, access: { userTokens: { secret: SECRET } } })
  document = readDocument(await (await fetch(`${world.url}/openapi.json`)).text())
})
afterAll(() => world.close())

const tokenOf = async (claims: JWTPayload) => {
  const token = await new SignJWT({ exp: Date.now() / 1_000 + 3_600, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET))
  return { authorization: `Bearer ${token}` }
}
const storeUser = (user: string) =>
  storeActive(world.database.repositories, { at: world.clock.now(), user })
/** The characters that a client sends for a text in UTF-8: one for each byte. */
const inBytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
type Refused = { readonly body: { readonly errors?: readonly { readonly field: string }[] } }
const fieldsOf = ({ body }: Refused) => (body.errors ?? []).map(({ field }) => field)

describe('a text that cannot be stored or sent', () => {
  const properties = ({ $ref, properties: own = {} }: Schema): string[] => {
    const target = $ref && document.components.schemas[$ref.split('/').at(-1) ?? '']
    return target ? properties(target) : Object.keys(own)
  }

  test.each([
    ['half a character', 'https://a.example/\ud800'],
    ['a NUL', 'a\0b'],
    ['a control code', 'a\u0007b'],
  ])('is refused by name in every field of every body: %s', async (_, wrong) => {
    let fields = 0
    for (const { path, method, requestBody } of operationsOf(document)) {
      if (requestBody === undefined) continue
      for (const field of properties(requestBody.content['application/json'].schema)) {
        const at = path.replace('/api/v1/billing', '').replaceAll(/\{\w+\}/g, 'x')
        const answer = await world.call(method.toUpperCase(), at, {
          user: 'ada',
          headers: OPERATOR,
          body: { [field]: wrong },
        })
        expect([path, answer.status, fieldsOf(answer)]).toEqual([path, 422, [field]])
        fields += 1
      }
    }
    expect(fields).toBeGreaterThan(60)
  })

  test.each(['success_url', 'promotion_code', 'coupon', 'email'])(
    'is refused in a line: a line break in `%s`',
    async (field) => {
      const body = { plan_id: 'plan_pro_monthly', [field]: 'https://a.example/\nx@a.example' }
      const answer = await world.call('POST', '/subscriptions/checkout', { user: 'ada', body })
      expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]])
    },
  )

  test('is refused deep in a body and as a name', async () => {
    const events = [{ feature: 'messages_sent', idempotency_key: 'k' }, { feature: 'a\ud800' }]
    const deep = await world.call('POST', '/usage/batch', { user: 'ada', body: { events } })
    expect([deep.status, fieldsOf(deep)]).toEqual([422, ['events.1.feature']])
    const name = await world.call('POST', '/usage/check', { user: 'ada', body: { '\ud800': 1 } })
    expect([name.status, fieldsOf(name)]).toEqual([422, ['body']])
  })

  test.each([
    '/admin/users/a%00b/actions',
    '/admin/users/%ff/actions',
    '/admin/grants?user_id=%00',
  ])('is refused in an address: %s', async (path) => {
    const answer = await world.call('GET', path, { headers: OPERATOR })
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request'])
  })

  test.each([
    ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['a byte order mark', new TextEncoder().encode('\ufeff{"feature":"messages_sent"}')],
    ['a thousand levels', new TextEncoder().encode('['.repeat(1_000) + ']'.repeat(1_000))],
    ['two values', new TextEncoder().encode('{"feature":"messages_sent"} {}')],
  ])('a body of %s is refused', async (_, body) => {
    const answer = await fetch(`${world.url}/api/v1/billing/usage/check`, {
      method: 'POST',
      headers: { authorization: 'Bearer bk_dev_app', 'x-user-id': 'ada', ...JSON_TYPE },
      body,
    })
    expect([answer.status, (await answer.json()).code]).toEqual([400, 'malformed_json'])
  })
})

describe('the header X-User-Id', () => {
  const idSeen = async (header: string) => {
    const answer = await world.call('GET', '/subscriptions', { headers: { 'x-user-id': header } })
    return answer.status === 200 ? answer.body.subscriptions[0]?.user_id : answer.status
  }

  test('is ASCII or percent-encoded UTF-8', async () => {
    const [plain, umlaut] = [`o'neil+${randomUUID()}@x.y`, `jürgen-${randomUUID()}`]
    await Promise.all([storeUser(plain), storeUser(umlaut)])
    expect(await idSeen(plain)).toBe(plain)
    expect(await idSeen(encodeURIComponent(umlaut))).toBe(umlaut)
  })

  test('in raw UTF-8 is refused by name, and never read as other characters', async () => {
    const mangled = inBytes(`jürgen-${randomUUID()}`)
    await storeUser(mangled)
    const answer = await world.call('GET', '/subscriptions', { headers: { 'x-user-id': mangled } })
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['X-User-Id']])
  })

  test.each(['%', '%zz', '%ff', '%00', 'a%0Ab', '%ed%a0%80', '%41'.repeat(129)])(
    'is refused if it is no text: %s',
    async (header) => {
      expect(await idSeen(header)).toBe(422)
    },
  )

  test.each(['X-User-Id', 'Idempotency-Key'])('%s twice is refused by name', async (name) => {
    const status = await new Promise((resolve, reject) => {
      const call = request(`${world.url}/api/v1/billing/subscriptions/checkout`, {
        method: 'POST',
        headers: [
          ['host', 'localhost'],
          ['authorization', 'Bearer bk_dev_app'],
          ['content-type', 'application/json'],
          ...(name === 'X-User-Id' ? [] : [['x-user-id', 'ada']]),
          [name, 'one'],
          [name, 'two'],
        ].flat(),
      })
      call.on('response', (answer) => resolve(answer.statusCode))
      call.on('error', reject)
      call.end('{"plan_id":"plan_free"}')
    })
    expect(status).toBe(422)
  })
})

test.each(['application/json,x', 'application/json, application/json', 'application/jsonp'])(
  'a body of the type %s is refused, in the short cut and the app',
  async (type) => {
    for (const path of ['/usage/consume', '/usage/check', '/portal']) {
      const headers = { 'content-type': type }
      const answer = await world.call('POST', path, { user: 'ada', body: {}, headers })
      expect([path, answer.status]).toEqual([path, 415])
    }
  },
)

describe('the claims of a token', () => {
  test.each([
    ['a list as `sub`', { sub: ['ada'] }, 'sub'],
    ['a number as `sub`', { sub: 7 }, 'sub'],
    ['a line break in `sub`', { sub: 'ada\nbob' }, 'sub'],
    ['a list as `email`', { sub: 'ada', email: ['a@x.example'] }, 'email'],
    ['two addresses', { sub: 'ada', email: 'a@x.example, b@x.example' }, 'email'],
    ['a header in the address', { sub: 'ada', email: 'a@x.example\r\nBcc: b@x.example' }, 'email'],
    ['a NUL in the address', { sub: 'ada', email: 'a@x\0.example' }, 'email'],
    ['half a character in the address', { sub: 'ada', email: 'a\ud800@x.example' }, 'email'],
  ])('%s are refused by name', async (_, claims, name) => {
    const headers = await tokenOf(claims as unknown as JWTPayload)
    const answer = await world.call('GET', '/subscriptions', { headers })
    expect([answer.status, answer.body.detail]).toEqual([
      401,
      expect.stringContaining(`\`${name}\``),
    ])
  })

  test.each([[''], [null], ['a&b@x.example']])('may have the address %j', async (email) => {
    const headers = await tokenOf({ sub: 'ada', email })
    expect((await world.call('GET', '/subscriptions', { headers })).status).toBe(200)
  })
})

test('a caller that a call does not accept is refused before its body is read', async () => {
  const headers = await tokenOf({ sub: 'ada' })
  const events = Array.from({ length: 2_400 }, () => ({
    feature: 7,
    idempotency_key: 'k'.repeat(60),
  }))
  for (const [path, body] of [
    ['/usage/batch', { events }],
    ['/usage/consume', {}],
    ['/admin/grants', {}],
  ] as const)
    expect((await world.call('POST', path, { headers, body })).body.code).toBe('forbidden')
})

test('an unknown query parameter is refused by name at every call', async () => {
  const calls = operationsOf(document).filter(({ path }) => !path.includes('/webhooks/'))
  expect(calls.length).toBeGreaterThan(80)
  for (const { path, method } of calls) {
    const response = await fetch(`${world.url}${path.replaceAll(/\{\w+\}/g, 'x')}?emial=ada`, {
      method: method.toUpperCase(),
      headers: { ...OPERATOR, 'x-user-id': 'ada' },
    })
    const body = await response.json()
    expect([path, response.status, fieldsOf({ body })]).toEqual([path, 422, ['emial']])
  }
})

describe('the OpenAPI document', () => {
  test('names each call once, for generated clients', () => {
    const ids = operationsOf(document).map(({ operationId }) => operationId)
    expect(ids).toEqual(ids.map(() => expect.stringMatching(/^[a-z][A-Za-z]+$/)))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('has the header X-User-Id for each call for a user, and no other', () => {
    const named = operationsOf(document).filter(({ parameters }) =>
      parameters.some(({ name }) => name === 'X-User-Id'),
    )
    expect(named.map(({ path }) => path.includes('/admin/'))).not.toContain(true)
    expect(named.map(({ operationId }) => operationId)).toEqual(
      expect.arrayContaining(['checkout', 'consumeUsage', 'listInvoices', 'syncSubscription']),
    )
  })

  test('has the header Idempotency-Key for each call that starts something at Stripe', () => {
    const commands = operationsOf(document).filter(
      ({ path, method }) =>
        path.includes('/subscriptions') && method !== 'get' && !path.endsWith('/preview'),
    )
    const without = commands.filter(
      ({ parameters }) => !parameters.some(({ name }) => name === 'idempotency-key'),
    )
    expect(without.map(({ path }) => path)).toEqual([])
  })
})

describe('null in a body', () => {
  test('is absent, for every optional field of every call', () => {
    const refusing = operationsOf(document).flatMap(({ operationId, requestBody }) => {
      const schema = requestBody && resolved(requestBody.content['application/json'].schema)
      return Object.entries(schema?.properties ?? {}).flatMap(([name, field]) => {
        const { type, anyOf } = resolved(field)
        const isOptional = schema?.required?.includes(name) !== true
        const allowsNull =
          type?.includes('null') === true || anyOf?.some((each) => each.type === 'null')
        return isOptional && !allowsNull ? [`${operationId}: ${name}`] : []
      })
    })
    expect(refusing).toEqual([])
  })

  test('is the default, and the same request under a key', async () => {
    const { userId: user } = await storeUser(`user-${randomUUID()}`)
    const [absent, given] = [{ feature: 'messages_sent' }, { amount: null, occurred_at: null }]
    const first = await world.call('POST', '/usage/consume', { user, key: 'one', body: absent })
    const body = { ...absent, ...given }
    const second = await world.call('POST', '/usage/consume', { user, key: 'one', body })
    expect([first.status, first.body.used_amount]).toEqual([200, 1])
    expect(second.body).toEqual(first.body)
  })

  const resolved = (schema: Schema): Schema =>
    document.components.schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema
})

test('a grant and an override before the first purchase begin the customer', async () => {
  const user = `user-${randomUUID()}`
  const reason = 'a gift'
  const grant = { user_id: user, feature: 'messages_sent', amount: 5, reason }
  const given = await world.call('POST', '/admin/grants', { headers: OPERATOR, body: grant })
  expect([given.status, given.body.remaining]).toEqual([201, 5])
  const path = `/admin/users/user-${randomUUID()}/overrides/messages_sent`
  const body = { quota_limit: 7, reason }
  expect((await world.call('PUT', path, { headers: OPERATOR, body })).status).toBe(200)
  await storeUser(user)
  const spent = await world.call('POST', '/usage/consume', {
    user,
    body: { feature: 'messages_sent', amount: 1 },
  })
  expect(spent.body.outcome).toBe('allowed')
})
