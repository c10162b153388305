import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pay } from '../../support/checkout-page.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const PATH = '/webhooks/stripe'
const event = (
  id: string,
  type = 'product.updated',
  object: object = { id: 'prod_x', object: 'product' },
) =>
  JSON.stringify({
    id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: 1_700_000_000,
    livemode: false,
    pending_webhooks: 1,
    request: null,
    type,
    data: { object },
  })

const rows = async (id: string) =>
  (
    await world.database.pool.query('select state, reason from stripe_events where event_id = $1', [
      id,
    ])
  ).rows
const deliver = (payload: string, signature: string) =>
  world.call('POST', PATH, {
    body: payload,
    headers: { 'stripe-signature': signature, authorization: '' },
  })
const sign = (payload: string, given: { secret?: string; timestamp?: number } = {}) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret: world.webhookSecret, ...given })

describe('a body that Stripe has not signed', () => {
  const now = () => Math.floor(Date.now() / 1_000)
  const forgeries: [string, (payload: string) => string][] = [
    ['no signature', () => ''],
    ['an invalid signature', () => 'nonsense'],
    ['another secret', (payload) => sign(payload, { secret: 'whsec_other' })],
    ['a signature of another body', () => sign(event('evt_else'))],
    ['a signature of ten minutes ago', (payload) => sign(payload, { timestamp: now() - 600 })],
    ['a signature of ten minutes ahead', (payload) => sign(payload, { timestamp: now() + 600 })],
  ]
  test.each(forgeries)('is 400 and leaves no row: %s', async (_what, signature) => {
    const id = `evt_${randomUUID()}`
    const payload = event(id)
    expect(await deliver(payload, signature(payload))).toMatchObject({
      status: 400,
      body: { code: 'bad_signature' },
    })
    expect(await rows(id)).toEqual([])
  })

  test('is 413 above one mebibyte', async () => {
    const payload = event('evt_big', 'a', { id: 'x'.repeat(1_100_000) })
    expect((await deliver(payload, sign(payload))).status).toBe(413)
  })
})

describe('an event', () => {
  test('that arrives ten times concurrently is stored once', async () => {
    const id = `evt_${randomUUID()}`
    const payload = event(id)
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => deliver(payload, sign(payload))),
    )
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(replies.filter(({ body }) => !body.repeated)).toHaveLength(1)
    expect(await rows(id)).toHaveLength(1)
  })

  test('is stored although twenty beside it are refused by the database', async () => {
    const good = Array.from({ length: 60 }, () => `evt_${randomUUID()}`)
    // Postgres stores no NUL in a text.
    const bad = Array.from({ length: 20 }, () => `evt_${randomUUID()}\u0000`)
    const all = good.flatMap((id, place) => (place % 3 === 0 ? [id, bad[place / 3] ?? id] : [id]))
    const answers = await Promise.all(
      all.map(async (id) => ({ id, ...(await deliver(event(id), sign(event(id)))) })),
    )
    for (const { id, status } of answers) expect(status === 200).toBe(good.includes(id))
    for (const id of good) expect(await rows(id)).toHaveLength(1)
  })

  test('with characters of any script is verified by its bytes', async () => {
    const payload = event(`evt_${randomUUID()}`, 'product.updated', {
      id: 'p',
      name: '永続 🌱 ação',
    })
    expect((await deliver(payload, sign(payload))).status).toBe(200)
  })

  test('of an unrelated type is parked with a reason and not refused', async () => {
    const id = `evt_${randomUUID()}`
    const payload = event(id, 'radar.something_new')
    expect((await deliver(payload, sign(payload))).status).toBe(200)
    await world.settled()
    expect(await rows(id)).toMatchObject([
      { state: 'parked', reason: 'an operator decides about fraud warnings' },
    ])
  })

  test('is used only for its ids: a forged payload changes nothing', async () => {
    const user = `user-${randomUUID()}`
    const { body } = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_pro_monthly' },
    })
    const lie = {
      id: 'sub_lie',
      object: 'subscription',
      status: 'active',
      metadata: { perennial_subscription_id: body.subscription_id },
    }
    const payload = event(`evt_${randomUUID()}`, 'customer.subscription.created', lie)
    await deliver(payload, sign(payload))
    await world.settled()
    expect((await world.call('GET', '/subscriptions/current', { user })).body.status).toBe(
      'incomplete',
    )
  })
})

describe('the events of a payment', () => {
  test('that arrive without a worker are applied when one runs', async () => {
    const user = `user-${randomUUID()}`
    const { body } = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_pro_monthly' },
    })
    await world.stopWorker()
    await pay(body.checkout_url)
    await world.simulator.deliveriesIdle()
    expect((await world.call('GET', '/subscriptions/current', { user })).body.status).toBe(
      'incomplete',
    )
    await world.startWorker()
    await world.settled()
    expect((await world.call('GET', '/subscriptions/current', { user })).body.status).toBe('active')
  })

  test('that arrive again in reverse order change nothing and send nothing', async () => {
    const user = `user-${randomUUID()}`
    const email = `${user}@example.com`
    const { body } = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_pro_monthly', email },
    })
    await pay(body.checkout_url)
    await world.settled()
    const before = await world.call('GET', `/subscriptions/${body.subscription_id}/timeline`, {
      user,
    })
    const { data } = await world.stripe.events.list({ limit: 100 })
    for (const past of data.toReversed()) {
      const copy = JSON.stringify({ ...past, id: `evt_${randomUUID()}` })
      expect((await deliver(copy, sign(copy))).status).toBe(200)
    }
    await world.settled()
    const after = await world.call('GET', `/subscriptions/${body.subscription_id}/timeline`, {
      user,
    })
    expect(after.body).toEqual(before.body)
    expect(await world.mailsTo(email)).toHaveLength(1)
  })
})

describe('a signed body that is no event', () => {
  const whole = JSON.parse(event('evt_whole')) as Record<string, unknown>
  const { id: _id, ...withoutId } = whole
  const { type: _type, ...withoutType } = whole
  const { livemode: _livemode, ...withoutMode } = whole
  const bodies: [string, unknown][] = [
    ['null', null],
    ['an empty object', {}],
    ['a list', []],
    ['a text', 'event'],
    ['no id', withoutId],
    ['no type', withoutType],
    ['no livemode', withoutMode],
    ['a NUL in its id', { ...whole, id: 'evt_\0' }],
    ['half a character in its type', { ...whole, type: 'a\ud800' }],
    ['a number as its id', { ...whole, id: 7 }],
    ['a huge `created`', { ...whole, created: 1e300 }],
    ['a negative `created`', { ...whole, created: -1 }],
    ['no data', { ...whole, data: null }],
    ['no object', { ...whole, data: {} }],
    ['a long id', { ...whole, id: 'e'.repeat(256) }],
    ['a list as its account', { ...whole, account: ['acct_1'] }],
  ]
  test.each(bodies)('is 400, and leaves no row: %s', async (_, body) => {
    const payload = JSON.stringify(body)
    expect(await deliver(payload, sign(payload))).toMatchObject({
      status: 400,
      body: { code: 'malformed_event' },
    })
    expect(await rows('evt_whole')).toEqual([])
  })

  test('stores an event whose object has a NUL and odd ids, without its payload', async () => {
    const id = `evt_${randomUUID()}`
    const object = { id: 7, object: 'customer', customer: { id: ['x'] }, name: 'a\0b' }
    const payload = event(id, 'customer.created', object)
    expect(await deliver(payload, sign(payload))).toMatchObject({ status: 200 })
    expect(await rows(id)).toMatchObject([{ state: 'parked' }])
  })

  test('of five mebibytes is 413, and the connection is not reset', async () => {
    const payload = JSON.stringify({ ...whole, padding: 'x'.repeat(5 * 1_024 * 1_024) })
    expect(await deliver(payload, sign(payload))).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    })
  })
})
