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
  'an event of a kind that nobody knows': () => genuine({ type: 'something.new' }),
  'an event of a subscription': () => genuine({ type: 'customer.subscription.updated' }),
  'an event of the other mode': () => genuine({ livemode: true }),
  'an event without its object': () =>
    genuine({
      object: 'v2.core.event',
      type: 'v1.customer.subscription.updated',
      created: '2026-01-31T10:00:00.000Z',
    }),
  'an event from a page': () => {
    const given = genuine()
    return { ...given, headers: { ...given.headers, origin: 'https://example.com' } }
  },
  'a body that a proxy has compressed': () => {
    const { body, headers } = genuine()
    return { body: gzipSync(body), headers: { ...headers, 'content-encoding': 'gzip' } }
  },
  'an event that says that it is not encoded': () => {
    const given = genuine()
    return { ...given, headers: { ...given.headers, 'content-encoding': 'identity' } }
  },
  'an event in many scripts': () =>
    genuine({ data: { object: { id: 'cus_1', object: 'customer', name: 'Zoë 河 🜁 \u2028' } } }),
  'a body of another secret': () => signedBy('whsec_other', anEvent()),
  'a body without a signature': () => ({ body: '{}' }),
  'no JSON': () => {
    const { headers } = genuine()
    return { body: '{"id": ', headers }
  },
  'an event beyond a mebibyte': () => genuine({ padding: 'x'.repeat(1_100_000) }),
}

test.each(Object.entries(VARIANTS))('%s is answered the same on either way', async (_, given) => {
  expect(await deliver('plain', given())).toEqual(await deliver('chunked', given()))
})

test('an event that came on one way is a repeat on the other', async () => {
  const given = genuine()
  expect(await deliver('plain', given)).toMatchObject({
    status: 200,
    body: '{"received":true,"repeated":false}',
  })
  for (const way of ['chunked', 'plain'] as const)
    expect(await deliver(way, given)).toMatchObject({
      status: 200,
      body: '{"received":true,"repeated":true}',
    })
})

describe('of what an event says', () => {
  test('nothing is kept but ids, unless it is asked for', async () => {
    const event = { ...anEvent(), id: `evt_${randomUUID()}` }
    const data = { object: { id: 'cus_1', object: 'customer', email: 'ana@example.com' } }
    await deliver(
      'plain',
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
