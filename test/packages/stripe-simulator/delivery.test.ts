import { expect, test } from 'vitest'
import { aReceiver, aWorld, eventTypes } from './support.ts'

test('a delivery that is refused is made again, signed anew, until it is accepted', async () => {
  const { stripe } = await aWorld({ redeliverAfter: [0.01] })
  const { url, received, until } = await aReceiver((_received, count) => (count < 4 ? 503 : 200))
  const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  const customer = await stripe.customers.create()
  await until(4)
  for (const { body, signature } of received) {
    const event = stripe.webhooks.constructEvent(body, signature, endpoint.secret!)
    expect(event.data.object).toMatchObject({ id: customer.id })
  }
})

test('an event goes to every endpoint that enabled its type, and counts those that have not answered', async () => {
  const { stripe, simulator } = await aWorld({ redeliverAfter: [3_600] })
  const all = await aReceiver()
  const some = await aReceiver(() => 500)
  await stripe.webhookEndpoints.create({ url: all.url, enabled_events: ['*'] })
  await stripe.webhookEndpoints.create({ url: some.url, enabled_events: ['product.created'] })
  await stripe.customers.create()
  await stripe.products.create({ name: 'Pro' })
  await simulator.deliveriesIdle()
  expect([all.received.length, some.received.length]).toEqual([2, 1])
  const { data } = await stripe.events.list()
  expect(data.map(({ type, pending_webhooks: pending }) => [type, pending])).toEqual([
    ['product.created', 1],
    ['customer.created', 0],
  ])
  const delivered = await stripe.events.list({ delivery_success: false })
  expect(delivered.data.map(({ type }) => type)).toEqual(['product.created'])
})

test('a signature by another secret, or of another body, is not accepted by the SDK', async () => {
  const { stripe, simulator } = await aWorld()
  const { url, received } = await aReceiver()
  const first = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  const other = await stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1:9/',
    enabled_events: ['payout.paid'],
  })
  await stripe.customers.create()
  await simulator.deliveriesIdle()
  const [{ body, signature }] = received as [(typeof received)[number]]
  const verify = (text: string, secret: string) => () =>
    stripe.webhooks.constructEvent(text, signature, secret)
  expect(verify(body, first.secret!)).not.toThrow()
  expect(verify(body, other.secret!)).toThrow(/signature/)
  expect(verify(`${body} `, first.secret!)).toThrow(/signature/)
})

test('an endpoint that is deleted or disabled hears nothing more', async () => {
  const { stripe, simulator } = await aWorld()
  const { url, received } = await aReceiver()
  const { id } = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  await stripe.webhookEndpoints.update(id, { disabled: true })
  await stripe.customers.create()
  await stripe.webhookEndpoints.update(id, { disabled: false })
  await stripe.webhookEndpoints.del(id)
  await stripe.customers.create()
  await simulator.deliveriesIdle()
  expect(received).toEqual([])
  expect(await eventTypes(stripe)).toHaveLength(2)
})

test('the secret of an endpoint is shown once', async () => {
  const { stripe } = await aWorld()
  const made = await stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1:9/',
    enabled_events: ['*'],
  })
  expect(made.secret).toMatch(/^whsec_/)
  expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined()
  expect((await stripe.webhookEndpoints.list()).data[0]?.secret).toBeUndefined()
})
