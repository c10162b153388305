import { describe, expect, test } from 'vitest'
import { applicationOfEachTest } from '../../support/application-of-each-test.ts'

const HOUR_MS = 3_600_000
const { its, operate, deliver, deliveries, later, freePlan } = applicationOfEachTest()

describe('a signing secret', () => {
  test('that is rotated signs together with its successor until the overlap ends', async () => {
    const rotated = await operate(
      'POST',
      `webhook-endpoints/${its.endpoint.id}/rotation`,
      { overlap_seconds: 3_600 },
      'rotation-1',
    )
    expect(rotated.status).toBe(201)
    const again = await operate(
      'POST',
      `webhook-endpoints/${its.endpoint.id}/rotation`,
      { overlap_seconds: 3_600 },
      'rotation-1',
    )
    expect(again.body.code).toBe('webhook_secret_rotated')
    await freePlan()
    await deliver()
    const [both] = its.receiver.received
    expect(both!.headers['webhook-signature']!.split(' ')).toHaveLength(2)
    both!.verify(its.endpoint.secret)
    both!.verify(rotated.body.secret)
    await freePlan()
    await deliver(later(2 * HOUR_MS))
    const last = its.receiver.received.at(-1)!
    last.verify(rotated.body.secret)
    expect(() => last.verify(its.endpoint.secret)).toThrow(/No matching signature/)
  })

  test('is shown once, and is not stored as text', async () => {
    const key = 'create-once'
    const given = { url: its.receiver.url }
    const { body: made } = await operate('POST', 'webhook-endpoints', given, key)
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const repeat = await operate('POST', 'webhook-endpoints', given, key)
    expect([repeat.status, repeat.body.code]).toEqual([409, 'webhook_endpoint_exists'])
    const shown = [
      await operate('GET', `webhook-endpoints/${made.id}`),
      await operate('GET', 'webhook-endpoints'),
      await operate('GET', 'actions'),
    ].map(({ body }) => JSON.stringify(body))
    const { rows } = await its.world.database.pool.query<{ row: string }>(
      `select t::text as row from webhook_endpoints t
       union all select t::text from idempotency_keys t union all select t::text from operator_actions t`,
    )
    const everything = [...shown, ...rows.map(({ row }) => row)].join()
    expect(everything).toContain(made.id)
    expect(everything).not.toContain(made.secret.slice('whsec_'.length))
  })
})

describe('an operator', () => {
  test('tests an endpoint and sees its response', async () => {
    its.receiver.behaves(() => (to) => {
      to.writeHead(418).end('a teapot')
    })
    const reply = await operate(
      'POST',
      `webhook-endpoints/${its.endpoint.id}/test`,
      undefined,
      'test-1',
    )
    expect(reply.body).toMatchObject({
      acknowledged: false,
      status: 418,
      error: 'it answered 418',
      body: 'a teapot',
    })
    expect(its.receiver.received[0]!.body.type).toBe('webhook.test')
    its.receiver.received[0]!.verify(its.endpoint.secret)
    await operate('POST', `webhook-endpoints/${its.endpoint.id}/test`, undefined, 'test-1')
    expect(its.receiver.received).toHaveLength(1)
    await its.receiver.close()
    const { body } = await operate('POST', `webhook-endpoints/${its.endpoint.id}/test`)
    expect(body).toMatchObject({ acknowledged: false, status: null })
    expect(body.error).toMatch(/ECONNREFUSED|hang up/)
  })

  test('lists deliveries page by page and replays one, which is recorded', async () => {
    await freePlan()
    await freePlan()
    await deliver()
    const first = await deliveries('limit=3')
    const rest = await deliveries(`limit=3&after=${first.at(-1).id}`)
    expect([first.length, rest.length]).toEqual([3, 1])
    const { body } = await operate('POST', 'webhook-deliveries/replay', {
      delivery_ids: [rest[0].id, 999_999],
    })
    expect(body).toEqual({ replayed: 1, next_since: null })
    await deliver()
    expect(its.receiver.received.at(-1)!.id).toBe(rest[0].webhook_id)
    const { body: done } = await operate('GET', 'actions?limit=1')
    expect(done.actions).toMatchObject([{ action: 'replay_webhook_deliveries', user_id: null }])
  })

  test('gets a code for each invalid request', async () => {
    const refused = async (...request: Parameters<typeof operate>) => {
      const { status, body } = await operate(...request)
      return [status, body.code]
    }
    const unknown = 'webhook-endpoints/00000000-0000-4000-8000-000000000000'
    const wrong = [422, 'invalid_request']
    for (const url of ['ftp://app.example', 'https://user:pass@app.example', 'nonsense'])
      expect(await refused('POST', 'webhook-endpoints', { url })).toEqual(wrong)
    const given = { url: its.receiver.url, event_types: ['subscription.sold'] }
    expect(await refused('POST', 'webhook-endpoints', given)).toEqual(wrong)
    const broken = { url: its.receiver.url, description: 'a\0b' }
    expect(await refused('POST', 'webhook-endpoints', broken)).toEqual(wrong)
    const missing = [404, 'webhook_endpoint_not_found']
    expect(await refused('GET', unknown)).toEqual(missing)
    expect(await refused('DELETE', unknown)).toEqual(missing)
    expect(await refused('POST', `${unknown}/rotation`, {})).toEqual(missing)
    expect(await refused('POST', `${unknown}/test`)).toEqual(missing)
    const { status } = await its.world.call('GET', '/admin/webhook-endpoints')
    expect(status).toBe(403)
  })

  test('deletes an endpoint, which then receives nothing', async () => {
    await freePlan()
    expect((await operate('DELETE', `webhook-endpoints/${its.endpoint.id}`)).status).toBe(200)
    expect(await deliver()).toBe(0)
    expect(await deliveries()).toEqual([])
  })
})
