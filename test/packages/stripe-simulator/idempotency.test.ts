import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { aCustomer, aPrice, aSubscription, aWorld, nodeSdkFor, refusalOf } from './support.ts'

test('the same key and parameters answer what the first call answered, and do nothing twice', async () => {
  const { simulator } = await aWorld()
  const stripe = nodeSdkFor(simulator.url)
  const idempotencyKey = randomUUID()
  const first = await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey })
  await stripe.customers.update(first.id, { email: 'b@example.com' })
  const second = await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey })
  expect(second).toEqual(first)
  expect(second.lastResponse.headers['idempotent-replayed']).toBe('true')
  expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId)
  expect((await stripe.customers.list()).data).toHaveLength(1)
})

test('the same key with other parameters, or for another operation, is refused', async () => {
  const { stripe } = await aWorld()
  const idempotencyKey = randomUUID()
  await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey })
  const other = await refusalOf(
    stripe.customers.create({ email: 'b@example.com' }, { idempotencyKey }),
  )
  expect(other).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 })
  const elsewhere = await refusalOf(stripe.products.create({ name: 'a' }, { idempotencyKey }))
  expect(elsewhere.type).toBe('StripeIdempotencyError')
})

test('a decline is saved under its key; a mistake in the parameters is not', async () => {
  const { stripe } = await aWorld()
  const customer = await aCustomer(stripe, 'pm_card_chargeCustomerFail')
  const price = await aPrice(stripe)
  const declined = randomUUID()
  const create = (key: string, priceId: string) =>
    stripe.subscriptions.create(
      {
        customer: customer.id,
        items: [{ price: priceId }],
        payment_behavior: 'error_if_incomplete',
      },
      { idempotencyKey: key },
    )
  expect(await refusalOf(create(declined, price.id))).toMatchObject({ statusCode: 402 })
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  await stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: good.id },
  })
  expect(await refusalOf(create(declined, price.id))).toMatchObject({
    statusCode: 402,
    code: 'card_declined',
  })

  const mistaken = randomUUID()
  expect(await refusalOf(create(mistaken, 'price_none'))).toMatchObject({ statusCode: 400 })
  expect((await create(mistaken, price.id)).status).toBe('active')
})

test('a key is forgotten after a day of simulated time', async () => {
  const { stripe, clock } = await aWorld()
  const idempotencyKey = randomUUID()
  const first = await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey })
  clock.advance(24 * 3600 - 1)
  const remembered = await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey })
  expect(remembered.id).toBe(first.id)
  clock.advance(1)
  const fresh = await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey })
  expect(fresh.id).not.toBe(first.id)
})

test('a DELETE has no key: the second cancel finds nothing to cancel', async () => {
  const { stripe } = await aWorld()
  const { id } = await aSubscription(stripe)
  const idempotencyKey = randomUUID()
  expect((await stripe.subscriptions.cancel(id, {}, { idempotencyKey })).status).toBe('canceled')
  expect(await refusalOf(stripe.subscriptions.cancel(id, {}, { idempotencyKey }))).toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
  })
})

test('events name the request and the key that caused them, so that an echo is recognised', async () => {
  const { stripe } = await aWorld()
  const made = await stripe.customers.create({}, { idempotencyKey: 'dev:subscription/1:checkout' })
  const [event] = (await stripe.events.list({ type: 'customer.created' })).data
  expect(event?.request).toEqual({
    id: made.lastResponse.requestId,
    idempotency_key: 'dev:subscription/1:checkout',
  })
})
