import type { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import {
  aReceiver,
  aSubscription,
  aWorld,
  eventTypes,
  idOf,
  knob,
  nodeSdkFor,
  refusalOf,
} from './support.ts'

test('the next calls meet a rate limit, with the headers that a caller needs', async () => {
  const { stripe, simulator } = await aWorld()
  await knob(simulator.url, 'POST', 'faults', {
    kind: 'answer',
    status: 429,
    count: 2,
    retry_after: 3,
    path: '/v1/customers',
  })
  const limited = await refusalOf(nodeSdkFor(simulator.url).customers.list())
  expect(limited).toMatchObject({ type: 'StripeRateLimitError', statusCode: 429 })
  expect(limited.headers).toMatchObject({ 'retry-after': '3' })
  await stripe.products.list()
  expect(await refusalOf(stripe.customers.list())).toMatchObject({ statusCode: 429 })
  expect((await stripe.customers.list()).data).toEqual([])
})

test('a 500 is saved under its key and done only once, whether before or after the commit', async () => {
  const { stripe, simulator } = await aWorld()
  const create = (idempotencyKey: string) =>
    stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey })
  await knob(simulator.url, 'POST', 'faults', { kind: 'answer', status: 500 })
  expect(await refusalOf(create('before'))).toMatchObject({ statusCode: 500 })
  expect(await refusalOf(create('before'))).toMatchObject({ statusCode: 500 })
  expect((await stripe.customers.list()).data).toHaveLength(0)
  await knob(simulator.url, 'POST', 'faults', { kind: 'commit_then_answer', status: 500 })
  expect(await refusalOf(create('after'))).toMatchObject({ statusCode: 500 })
  expect(await refusalOf(create('after'))).toMatchObject({ statusCode: 500 })
  expect((await stripe.customers.list()).data).toHaveLength(1)
})

test('a call that was carried out before the connection broke is found by repeating its key', async () => {
  const { stripe, simulator } = await aWorld()
  await knob(simulator.url, 'POST', 'faults', { kind: 'commit_then_reset' })
  const create = () => stripe.customers.create({}, { idempotencyKey: 'once' })
  expect(await refusalOf(create())).toMatchObject({ type: 'StripeConnectionError' })
  const { id } = await create()
  expect((await stripe.customers.list()).data.map((customer) => customer.id)).toEqual([id])
})

test('a call that was carried out and never answered times out at the caller', async () => {
  const { stripe, simulator } = await aWorld()
  await knob(simulator.url, 'POST', 'faults', { kind: 'commit_then_hang' })
  const hanging = stripe.customers.create({}, { idempotencyKey: 'once', timeout: 50 })
  expect(await refusalOf(hanging)).toMatchObject({ type: 'StripeConnectionError' })
  expect((await stripe.customers.list()).data).toHaveLength(1)
})

test('a key that is in use is a conflict', async () => {
  const { stripe, simulator } = await aWorld()
  await knob(simulator.url, 'POST', 'faults', { kind: 'delay', milliseconds: 200 })
  const create = () => stripe.customers.create({}, { idempotencyKey: 'twice' })
  const [first, second] = await Promise.allSettled([create(), create()])
  const outcomes = [first, second].map(({ status }) => status).toSorted()
  expect(outcomes).toEqual(['fulfilled', 'rejected'])
  expect((await stripe.customers.list()).data).toHaveLength(1)
})

test('a rate per second is kept until it is lifted', async () => {
  const { stripe, simulator } = await aWorld()
  await knob(simulator.url, 'PUT', 'rate_limit', { per_second: 3 })
  const calls = await Promise.allSettled(Array.from({ length: 10 }, () => stripe.products.list()))
  const refused = calls.filter(({ status }) => status === 'rejected').length
  expect(refused).toBeGreaterThanOrEqual(5)
  await knob(simulator.url, 'DELETE', 'faults')
  await stripe.products.list()
})

async function aListener(types: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = ['*']) {
  const world = await aWorld()
  const { url, received } = await aReceiver()
  await world.stripe.webhookEndpoints.create({ url, enabled_events: types })
  const typesReceived = () =>
    received.map(({ body }) => world.stripe.webhooks.constructEventWithoutVerification(body).type)
  return { ...world, received, typesReceived }
}

test('deliveries are dropped, and the events are still there to be listed', async () => {
  const { stripe, simulator, typesReceived } = await aListener()
  const rule = { action: 'drop', types: ['customer.created'] }
  await knob(simulator.url, 'POST', 'deliveries', rule)
  await stripe.customers.create()
  await stripe.customers.create()
  await simulator.deliveriesIdle()
  expect(typesReceived()).toEqual(['customer.created'])
  expect(await eventTypes(stripe)).toEqual(['customer.created', 'customer.created'])
})

test('deliveries are doubled', async () => {
  const { stripe, simulator, received } = await aListener()
  await knob(simulator.url, 'POST', 'deliveries', { action: 'duplicate', times: 3 })
  await stripe.customers.create()
  await simulator.deliveriesIdle()
  expect(new Set(received.map(({ body }) => JSON.parse(body).id)).size).toBe(1)
  expect(received).toHaveLength(3)
})

test('deliveries are held and come in the order that a seed decides, the same each time', async () => {
  const orders: string[][] = []
  for (const seed of [1, 1, 2]) {
    const { stripe, simulator, typesReceived } = await aListener([
      'customer.created',
      'product.created',
      'price.created',
      'invoice.paid',
      'invoice.finalized',
      'customer.subscription.created',
    ])
    await knob(simulator.url, 'POST', 'deliveries', { action: 'reorder', count: 6, seed })
    await aSubscription(stripe)
    await simulator.deliveriesIdle()
    orders.push(typesReceived())
  }
  expect(orders[0]).toHaveLength(6)
  expect(orders[1]).toEqual(orders[0])
  expect(orders[0]!.toSorted()).toEqual(orders[2]!.toSorted())
  expect(orders[0]).not.toEqual(orders[2])
})

test('an event is delivered before the call that caused it is answered', async () => {
  const { stripe, simulator, received } = await aListener()
  await knob(simulator.url, 'PUT', 'deliveries/before_response', { on: true })
  await stripe.customers.create()
  expect(received).toHaveLength(1)
})

test('a customer’s cards start to decline and stop again', async () => {
  const { stripe, simulator } = await aWorld()
  const { customer } = await aSubscription(stripe)
  const price = (await stripe.prices.list()).data[0]!
  const again = () =>
    stripe.subscriptions.create({ customer: idOf(customer), items: [{ price: price.id }] })
  const declines = { customer: idOf(customer), behaviour: 'declines' }
  await knob(simulator.url, 'PUT', 'cards', { ...declines, decline_code: 'insufficient_funds' })
  expect((await again()).status).toBe('incomplete')
  await knob(simulator.url, 'PUT', 'cards', { customer: idOf(customer), behaviour: 'succeeds' })
  expect((await again()).status).toBe('active')
})

test('a refund returns money once, and a dispute stops further refunds until it is won', async () => {
  const { stripe, simulator } = await aWorld()
  await aSubscription(stripe)
  const charge = (await stripe.charges.list()).data[0]!
  await stripe.refunds.create({ charge: charge.id, amount: 500 })
  const tooMuch = stripe.refunds.create({ charge: charge.id, amount: 1_001 })
  expect(await refusalOf(tooMuch)).toMatchObject({ param: 'amount' })
  const dispute = await knob(simulator.url, 'POST', 'disputes', { charge: charge.id })
  const contested = stripe.refunds.create({ payment_intent: idOf(charge.payment_intent) })
  expect(await refusalOf(contested)).toMatchObject({ code: 'charge_disputed' })
  await knob(simulator.url, 'POST', `disputes/${String(dispute['id'])}`, { status: 'won' })
  await stripe.refunds.create({ payment_intent: idOf(charge.payment_intent) })
  expect(await stripe.charges.retrieve(charge.id)).toMatchObject({
    refunded: true,
    amount_refunded: 1_500,
  })
  expect((await stripe.disputes.list()).data[0]).toMatchObject({ status: 'won' })
  expect((await eventTypes(stripe)).slice(-7)).toEqual([
    'charge.updated',
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.funds_reinstated',
    'charge.dispute.closed',
    'refund.created',
    'charge.refunded',
  ])
})

test('an unknown knob setting is refused by name', async () => {
  const { simulator } = await aWorld()
  const answer = await fetch(`${simulator.url}/_simulator/faults`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'explode' }),
  })
  expect(answer.status).toBe(400)
  expect(JSON.stringify(await answer.json())).toContain('kind')
})
