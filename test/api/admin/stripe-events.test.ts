import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stripeKey } from '../../../domain/keys.ts'
import { subscribe } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { anEvent, deliver } from '../../support/webhook.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ thinEvents: true })
})
afterAll(() => world.close())

const OPERATOR = { authorization: 'Bearer bk_dev_operator' }
const asOperator = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { headers: OPERATOR, body })
const rowOf = async (id: string) =>
  (
    await world.database.pool.query(
      'select state, reason, account from stripe_events where event_id = $1',
      [id],
    )
  ).rows[0]
const matches = (row: object, wanted: object) =>
  Object.entries(wanted).every(([name, value]) => Reflect.get(row, name) === value)

describe('an event that must not be applied is stored and parked:', () => {
  const type = 'customer.subscription.updated'
  const ownKey = stripeKey({ environment: 'test', subject: 's', command: 'pause', generation: 1 })
  const cases = [
    ['of live mode', { type, livemode: true }, 'it is from live mode, and our API key is not'],
    [
      'of a connected account',
      { type, account: 'acct_2' },
      'it belongs to another account, acct_2',
    ],
    ['of an unknown type', { type: 'hologram.created' }, 'its type is not known here'],
    ['of the catalogue', { type: 'price.updated' }, 'the catalogue is kept here'],
  ] as const
  test.each(cases)('%s', async (_what, given, reason) => {
    const event = anEvent(given)
    expect((await deliver(world, event)).status).toBe(200)
    expect(await rowOf(event.id)).toMatchObject({ state: 'parked', reason })
  })

  test('an event of our own request is done, and one of another deployment is parked', async () => {
    const own = anEvent({ type, requestKey: ownKey })
    const foreign = anEvent({ type, requestKey: ownKey.replace(':test:', ':staging:') })
    await deliver(world, own)
    await deliver(world, foreign)
    expect(await rowOf(own.id)).toMatchObject({ state: 'done' })
    expect((await rowOf(foreign.id)).state).not.toBe('done')
    await world.database.pool.query(
      `update stripe_events set state = 'parked' where event_id = $1`,
      [foreign.id],
    )
  })
})

describe('a thin event', () => {
  const thin = (subscription: string, given: object = {}) => ({
    id: `evt_test_${randomUUID()}`,
    object: 'v2.core.event',
    type: 'v1.customer.subscription.updated',
    livemode: false,
    created: new Date().toISOString(),
    related_object: { id: subscription, type: 'subscription', url: '/v1/subscriptions/x' },
    ...given,
  })

  test('is processed like a full event, and has the same id as its twin', async () => {
    const customer = await subscribe(world, 'plan_pro_monthly')
    const { id: stripeId } = await customer.stripe()
    await world.stripe.subscriptions.update(stripeId, { cancel_at_period_end: true })
    await world.settled()
    const twin = `evt_${randomUUID()}`
    const event = thin(stripeId, { snapshot_event: twin })
    expect((await deliver(world, event)).body).toMatchObject({ repeated: false })
    await world.settled()
    expect(await rowOf(twin)).toMatchObject({ state: 'done' })
    const whole = anEvent({ id: twin, type: 'customer.subscription.updated' })
    expect((await deliver(world, whole)).body).toMatchObject({ repeated: true })
  })

  test('about events that Stripe could not create starts a reconciliation', async () => {
    const type = 'v2.core.health.event_generation_failure.resolved'
    const event = thin('', { type, related_object: null })
    await deliver(world, event)
    await world.settled()
    expect(await rowOf(event.id)).toMatchObject({
      state: 'parked',
      reason: 'everything is compared with Stripe because of it',
    })
    const began = { cause: 'Stripe could not make events', dry_run: false }
    await until('a comparison began', async () => {
      const { body } = await asOperator('GET', '/admin/reconciliations')
      return body.reconciliations.some((run: object) => matches(run, began))
    })
  })

  test('of another account is parked', async () => {
    const event = thin('sub_x', { context: 'acct_9' })
    expect((await deliver(world, event)).status).toBe(200)
    expect(await rowOf(event.id)).toMatchObject({ state: 'parked', account: 'acct_9' })
  })
})

describe('/admin/stripe-events', () => {
  test('finds events by state, type, reason and any Stripe id, page by page', async () => {
    const customer = `cus_${randomUUID().slice(0, 8)}`
    const sent = []
    for (const type of ['customer.updated', 'customer.tax_id.created', 'customer.updated']) {
      const event = anEvent({ type, object: { id: customer, object: 'customer' } })
      await deliver(world, event)
      sent.unshift(event.id)
    }
    await world.settled()
    const of = `stripe_id=${customer}`
    const all = await asOperator('GET', `/admin/stripe-events?${of}`)
    const ids = (reply: typeof all) =>
      reply.body.events.map((event: { event_id: string }) => event.event_id)
    expect(ids(all)).toEqual(sent)
    const first = await asOperator('GET', `/admin/stripe-events?${of}&limit=2`)
    const rest = await asOperator('GET', `/admin/stripe-events?${of}&after=${ids(first)[1]}`)
    expect([...ids(first), ...ids(rest)]).toEqual(sent)
    const updated = await asOperator(
      'GET',
      `/admin/stripe-events?${of}&state=parked&type=customer.updated`,
    )
    expect(ids(updated)).toEqual([sent[0], sent[2]])
    expect(updated.body.events[0]).toMatchObject({
      reason: 'the application owns e-mail addresses',
      object_ids: { customerId: customer },
    })
  })

  test('reprocesses a parked event and ignores a waiting one', async () => {
    const customer = await subscribe(world, 'plan_pro_monthly')
    const { id: stripeId } = await customer.stripe()
    const object = { id: stripeId, object: 'subscription' }
    const event = anEvent({ type: 'customer.subscription.updated', object, livemode: true })
    await deliver(world, event)
    const redriven = await asOperator('POST', '/admin/stripe-events/redrive', {
      event_ids: [event.id, 'evt_unknown'],
    })
    expect(redriven).toMatchObject({ status: 200, body: { event_ids: [event.id] } })
    await world.settled()
    expect(await rowOf(event.id)).toMatchObject({ state: 'done', reason: null })
  })

  test.each([
    [
      'a key without the scope operator',
      403,
      { authorization: 'Bearer bk_dev_app' },
      { event_ids: ['e'] },
    ],
    ['neither ids nor a reason', 422, OPERATOR, {}],
    ['both ids and a reason', 422, OPERATOR, { event_ids: ['e'], reason: 'r' }],
    ['an empty list', 422, OPERATOR, { event_ids: [] }],
  ])('refuses %s with %i', async (_what, status, headers, body) => {
    const reply = await world.call('POST', '/admin/stripe-events/redrive', { headers, body })
    expect(reply.status).toBe(status)
  })
})
