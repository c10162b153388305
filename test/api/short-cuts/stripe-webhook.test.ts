import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postOn, type Given, type Way } from './both-ways.ts'
import { anEvent, signed } from '../../support/webhook.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ worker: false, keepsBodies: false })
})
afterAll(() => world.close())

const deliver = (way: Way, given: Given) => postOn(way, world, '/webhooks/stripe', given)

const signedBy = (secret: string, event: object): Given => {
  const { payload, signature } = signed(secret, event)
  return { body: payload, headers: { 'stripe-signature': signature } }
}
const genuine = (given: object = {}) =>
  signedBy(world.webhookSecret, { ...anEvent(), id: `evt_${randomUUID()}`, ...given })

const VARIANTS: Readonly<Record<string, () => Given>> = {
  'an event': () => genuine(),
  'an event of an unknown type': () => genuine({ type: 'something.new' }),
  'an event of a subscription': () => genuine({ type: 'customer.subscription.updated' }),
  'an event of the other mode': () => genuine({ livemode: true }),
  'a thin event': () =>
    genuine({
      object: 'v2.core.event',
      type: 'v1.customer.subscription.updated',
      created: '2026-01-31T10:00:00.000Z',
    }),
  'an event with an origin': () => {
    const given = genuine()
    return { ...given, headers: { ...given.headers, origin: 'https://example.com' } }
  },
  'a compressed body': () => {
    const { body, headers } = genuine()
    return { body: gzipSync(body), headers: { ...headers, 'content-encoding': 'gzip' } }
  },
  'an event with the encoding identity': () => {
    const given = genuine()
    return { ...given, headers: { ...given.headers, 'content-encoding': 'identity' } }
  },
  'an event in many scripts': () =>
    genuine({ data: { object: { id: 'cus_1', object: 'customer', name: 'Zoë 河 🜁 \u2028' } } }),
  'a body signed with another secret': () => signedBy('whsec_other', anEvent()),
  'a body without a signature': () => ({ body: '{}' }),
  'invalid JSON': () => {
    const { headers } = genuine()
    return { body: '{"id": ', headers }
  },
  'an event above one mebibyte': () => genuine({ padding: 'x'.repeat(1_100_000) }),
}

test.each(Object.entries(VARIANTS))(
  '%s gets the same response from the short cut and the app',
  async (_, given) => {
    expect(await deliver('with length', given())).toEqual(await deliver('chunked', given()))
  },
)

test('an event through the short cut is a repeat for the app', async () => {
  const given = genuine()
  expect(await deliver('with length', given)).toMatchObject({
    status: 200,
    body: '{"received":true,"repeated":false}',
  })
  for (const way of ['chunked', 'with length'] as const)
    expect(await deliver(way, given)).toMatchObject({
      status: 200,
      body: '{"received":true,"repeated":true}',
    })
})

describe('the payload of an event', () => {
  test('is not stored by default, except for ids', async () => {
    const event = { ...anEvent(), id: `evt_${randomUUID()}` }
    const data = { object: { id: 'cus_1', object: 'customer', email: 'ana@example.com' } }
    await deliver(
      'with length',
      signedBy(world.webhookSecret, { ...event, type: 'customer.updated', data }),
    )
    const { rows } = await world.database.pool.query(
      'select payload, object_ids, t::text as row from stripe_events t where event_id = $1',
      [event.id],
    )
    expect(rows).toMatchObject([{ payload: null, object_ids: { customerId: 'cus_1' } }])
    expect(rows[0].row).not.toContain('ana@example.com')
  })
})
