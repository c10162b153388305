import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false })
})
afterAll(() => world.close())

const consume = { feature: 'messages_sent', amount: 1 }

describe('a caller', () => {
  test('needs a valid key', async () => {
    for (const authorization of ['', 'Bearer nonsense', 'Basic YTpi', 'Bearer ']) {
      const reply = await world.call('GET', '/usage', { user: 'ada', headers: { authorization } })
      expect(reply).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    }
  })

  test('must name the user if it is an application', async () => {
    const reply = await world.call('GET', '/usage')
    expect(reply).toMatchObject({
      status: 400,
      body: { code: 'user_missing', errors: [{ field: 'X-User-Id' }] },
    })
  })

  test('cannot send a user id of more than 128 characters', async () => {
    const reply = await world.call('GET', '/usage', { user: 'x'.repeat(129) })
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'X-User-Id' }] } })
  })

  test('can list the plans without a key', async () => {
    const reply = await world.call('GET', '/plans', { headers: { authorization: '' } })
    expect(reply.status).toBe(200)
    expect(reply.body.plans).toHaveLength(5)
  })
})

describe('an invalid request', () => {
  const cases: [string, string, unknown, number, string, string | undefined][] = [
    ['invalid JSON', '/usage/consume', '{"feature":', 400, 'malformed_json', undefined],
    ['a missing field', '/usage/consume', {}, 422, 'invalid_request', 'feature'],
    [
      'a value of the wrong type',
      '/usage/consume',
      { ...consume, amount: '1' },
      422,
      'invalid_request',
      'amount',
    ],
    ['a fraction', '/usage/consume', { ...consume, amount: 1.5 }, 422, 'invalid_request', 'amount'],
    [
      'an amount of zero',
      '/usage/consume',
      { ...consume, amount: 0 },
      422,
      'invalid_request',
      'amount',
    ],
    [
      'a negative amount',
      '/usage/consume',
      { ...consume, amount: -1 },
      422,
      'invalid_request',
      'amount',
    ],
    [
      'an unknown field',
      '/usage/consume',
      { ...consume, amuont: 1 },
      422,
      'invalid_request',
      'amuont',
    ],
    ['a missing plan', '/subscriptions/checkout', {}, 422, 'invalid_request', 'plan_id'],
    [
      'an invalid e-mail address',
      '/subscriptions/checkout',
      { plan_id: 'a', email: 'me' },
      422,
      'invalid_request',
      'email',
    ],
    [
      'a URL of another scheme',
      '/subscriptions/checkout',
      { plan_id: 'a', success_url: 'javascript:alert(1)' },
      422,
      'invalid_request',
      'success_url',
    ],
    ['an array as its body', '/usage/consume', [], 422, 'invalid_request', 'json'],
  ]
  test.each(cases)(
    'with %s is answered with the name of the field',
    async (_what, path, body, status, code, field) => {
      const reply = await world.call('POST', path, { user: 'ada', body })
      expect(reply).toMatchObject({ status, body: { code, status } })
      expect(reply.headers.get('content-type')).toBe('application/problem+json')
      expect(reply.body.request_id).toBe(reply.headers.get('x-request-id'))
      const named = (reply.body.errors ?? []).map((each: { field: string }) => each.field)
      expect([undefined, ...named]).toContain(field)
    },
  )

  test.each([
    ['PATCH', '/usage', 'GET, HEAD'],
    ['PUT', '/plans', 'GET, HEAD'],
    ['GET', '/subscriptions/checkout', 'POST'],
    ['POST', '/subscriptions/current', 'GET, HEAD'],
    ['GET', '/webhooks/stripe', 'POST'],
  ])('%s %s is 405 with the allowed methods', async (method, path, allow) => {
    const { status, headers } = await world.call(method, path, { user: 'ada' })
    expect([status, headers.get('allow')]).toEqual([405, allow])
  })

  test.each([
    ['a NUL in a name', '/subscriptions/current?product_line=%00', 'product_line'],
    ['a NUL in a cursor', '/invoices?after=%00', 'after'],
    [
      'a year after 9999',
      '/usage/history?feature=x&from=9999-12-31T23:59:59-14:00&to=2026-01-01T00:00:00Z',
      'from',
    ],
  ])('with %s is answered with the name of the field', async (_, path, field) => {
    const reply = await world.call('GET', path, { user: 'ada' })
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field }] } })
  })

  test('with a body of another type is 415', async () => {
    const reply = await world.call('POST', '/usage/consume', {
      user: 'ada',
      body: 'feature=messages_sent',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(reply).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  })

  test.each([
    ['PUT', '/admin/plans/plan_free/versions/2'],
    ['POST', '/admin/plans/plan_free/versions'],
    ['PUT', '/subscriptions/8f0c5a52-2f6c-4c0e-9f5e-0d6f8f3c1b11/pause'],
  ])('without a body is 415, not an empty object: %s %s', async (method, path) => {
    const headers = { authorization: 'Bearer bk_dev_operator' }
    const reply = await world.call(method, path, { user: 'ada', headers })
    expect(reply).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  })

  test('with a body above the limit is 413', async () => {
    const reply = await world.call('POST', '/usage/consume', {
      user: 'ada',
      body: { feature: 'x'.repeat(300_000) },
    })
    expect(reply).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
  })

  test('with a key of more than 255 characters is 422', async () => {
    const reply = await world.call('POST', '/usage/consume', {
      user: 'ada',
      body: consume,
      key: 'k'.repeat(256),
    })
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'idempotency-key' }] } })
  })
})

describe('a request for something that does not exist', () => {
  test('is 404 with a problem, at any path', async () => {
    expect(await world.call('GET', '/nothing', { user: 'ada' })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
  })

  test('is 404 to read, and an outcome to count usage', async () => {
    for (const path of ['/usage', '/subscriptions/current'])
      expect(await world.call('GET', path, { user: 'nobody' })).toMatchObject({
        status: 404,
        body: { code: 'subscription_not_found' },
      })
    expect(
      await world.call('POST', '/usage/consume', { user: 'nobody', body: consume }),
    ).toMatchObject({
      status: 200,
      body: { outcome: 'refused', reason: 'no_subscription', remaining: 0 },
    })
  })

  test('is 422 if the id is invalid, and 404 if it is unknown', async () => {
    expect((await world.call('GET', '/subscriptions/1', { user: 'ada' })).status).toBe(422)
    const unknown = '/subscriptions/00000000-0000-4000-8000-000000000000'
    expect((await world.call('GET', unknown, { user: 'ada' })).status).toBe(404)
  })
})

describe('without a worker', () => {
  test('a checkout is 503 after ten seconds, and its repeat returns the result', async () => {
    const given = { user: 'patient', body: { plan_id: 'plan_free' }, key: 'once' }
    const reply = await world.call('POST', '/subscriptions/checkout', given)
    expect(reply).toMatchObject({ status: 503, body: { code: 'workflow_unavailable' } })
    expect(reply.headers.get('retry-after')).toBe('2')
    await world.startWorker()
    expect(await world.call('POST', '/subscriptions/checkout', given)).toMatchObject({
      status: 201,
      body: { status: 'active' },
    })
    await world.stopWorker()
  })
})

describe('the service itself', () => {
  const get = (path: string) => fetch(`${world.url}${path}`)

  test('reports liveness and readiness', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
    expect(await (await get('/readyz')).json()).toEqual({
      status: 'ready',
      parts: { postgres: 'ready', temporal: 'ready' },
    })
  })

  test('serves its OpenAPI document, and a reference page that loads nothing from other hosts', async () => {
    const document = (await (await get('/openapi.json')).json()) as { paths: object }
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/billing/plans',
        '/api/v1/billing/subscriptions/checkout',
        '/api/v1/billing/subscriptions/current',
        '/api/v1/billing/usage',
        '/api/v1/billing/usage/consume',
        '/api/v1/billing/webhooks/stripe',
        '/healthz',
        '/readyz',
      ]),
    )
    const page = await (await get('/docs')).text()
    expect(page).not.toMatch(/(src|href)="https?:/)
    for (const [, asset] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect([asset, (await get(asset!)).status]).toEqual([asset, 200])
  })

  test('sends security headers with every response', async () => {
    for (const path of ['/healthz', '/docs', '/api/v1/billing/plans', '/api/v1/billing/nowhere']) {
      const { headers } = await get(path)
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
      expect([path, headers.get('x-frame-options')]).toEqual([path, 'SAMEORIGIN'])
      expect([path, headers.get('referrer-policy')]).toEqual([path, 'no-referrer'])
      expect([path, headers.get('strict-transport-security')]).toEqual([
        path,
        expect.stringContaining('max-age='),
      ])
      expect([path, headers.get('x-powered-by')]).toEqual([path, null])
    }
  })

  test('never shows a stack or SQL', async () => {
    const reply = await new Promise<string>((resolve, reject) => {
      const raw = request(
        `${world.url}/api/v1/billing/usage/consume`,
        { method: 'POST' },
        (response) => {
          response.setEncoding('utf8').once('data', resolve)
        },
      )
      raw.once('error', reject)
      raw.end('{')
    })
    expect(reply).not.toMatch(/at .*\.ts|select |node_modules/)
  })
})
