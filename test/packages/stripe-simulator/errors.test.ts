import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { aPrice, aWorld, KEY, nodeSdkFor, refusalOf } from './support.ts'

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body,
  })

test('an unknown parameter is refused by its full name', async () => {
  const { simulator } = await aWorld()
  const answer = await post(
    `${simulator.url}/v1/prices`,
    'currency=usd&unit_amount=1&product=p&recurring[interval]=month&recurring[every]=2',
  )
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({
    error: {
      type: 'invalid_request_error',
      code: 'parameter_unknown',
      param: 'recurring[every]',
      message: 'Received unknown parameter: recurring[every]',
    },
  })
})

test('a missing parameter and an unknown id are named', async () => {
  const { stripe, simulator } = await aWorld()
  const missing = await post(`${simulator.url}/v1/products`, '')
  expect(await missing.json()).toMatchObject({
    error: { code: 'parameter_missing', param: 'name' },
  })
  expect(await refusalOf(stripe.customers.retrieve('cus_none'))).toMatchObject({
    type: 'StripeInvalidRequestError',
    statusCode: 404,
    code: 'resource_missing',
    param: 'id',
  })
  const price = await aPrice(stripe)
  const call = stripe.subscriptions.create({ customer: 'cus_none', items: [{ price: price.id }] })
  expect(await refusalOf(call)).toMatchObject({
    statusCode: 400,
    code: 'resource_missing',
    param: 'customer',
  })
})

test('an unknown address is 404 and carries a request id', async () => {
  const { simulator } = await aWorld()
  const answer = await fetch(`${simulator.url}/v1/nothing`, {
    headers: { authorization: `Bearer ${KEY}` },
  })
  expect(answer.status).toBe(404)
  expect(answer.headers.get('request-id')).toMatch(/^req_/)
})

test('without a test key nothing is answered', async () => {
  const { simulator } = await aWorld()
  const { hostname, port } = new URL(simulator.url)
  const live = new Stripe('sk_live_1', { host: hostname, port, protocol: 'http' })
  expect(await refusalOf(live.customers.list())).toMatchObject({
    type: 'StripeAuthenticationError',
    statusCode: 401,
  })
  expect((await fetch(`${simulator.url}/v1/customers`)).status).toBe(401)
})

test('the simulator speaks the API version of the pinned SDK and no other', async () => {
  const { simulator } = await aWorld()
  const { lastResponse } = await nodeSdkFor(simulator.url).customers.list()
  expect(lastResponse.headers['stripe-version']).toBe(Stripe.API_VERSION)
  const other = await post(`${simulator.url}/v1/customers`, '', {
    'stripe-version': '2024-06-20',
  })
  expect(other.status).toBe(400)
})

test('a card that the bank declines is a card error with its decline code', async () => {
  const { stripe } = await aWorld()
  const customer = await stripe.customers.create()
  const call = stripe.paymentMethods.attach('pm_card_visa_chargeDeclinedInsufficientFunds', {
    customer: customer.id,
  })
  expect(await refusalOf(call)).toMatchObject({
    type: 'StripeCardError',
    statusCode: 402,
    code: 'card_declined',
    decline_code: 'insufficient_funds',
  })
})

test('a deleted customer is a tombstone that can be read and nothing else', async () => {
  const { stripe } = await aWorld()
  const { id } = await stripe.customers.create()
  await stripe.customers.del(id)
  expect(await stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true })
  expect(await refusalOf(stripe.customers.update(id, { name: 'x' }))).toMatchObject({
    code: 'resource_missing',
  })
  expect((await stripe.customers.list()).data).toEqual([])
})

test('a lookup key belongs to one price until it is transferred', async () => {
  const { stripe } = await aWorld()
  const first = await aPrice(stripe, { lookup_key: 'pro:current' })
  expect(await refusalOf(aPrice(stripe, { lookup_key: 'pro:current' }))).toMatchObject({
    statusCode: 400,
  })
  const second = await aPrice(stripe, { lookup_key: 'pro:current', transfer_lookup_key: true })
  const { data } = await stripe.prices.list({ lookup_keys: ['pro:current'] })
  expect(data.map(({ id }) => id)).toEqual([second.id])
  expect((await stripe.prices.retrieve(first.id)).lookup_key).toBeNull()
})
