import { expect, test } from 'vitest'
import { aCustomer, aPrice, aWorld, idsOf, refusalOf } from './support.ts'

const at = (instant: string) => Date.parse(instant) / 1000

async function aClockedSubscription() {
  const world = await aWorld({ startsAt: '2026-01-01T00:00:00Z' })
  const { stripe } = world
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: at('2030-05-31') })
  const customer = await aCustomer(stripe, 'pm_card_visa', { test_clock: clock.id })
  const price = await aPrice(stripe)
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  return { ...world, real: world.clock, clock, customer, subscription }
}

test('what belongs to a test clock lives by its time, and only when it is advanced', async () => {
  const { stripe, clock, simulator, subscription, real } = await aClockedSubscription()
  expect(subscription).toMatchObject({ created: at('2030-05-31'), test_clock: clock.id })
  real.moveTo('2031-01-01T00:00:00Z')
  await simulator.settle()
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1)
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: at('2030-06-30T02:00:00Z') })
  const { data } = await stripe.invoices.list({ subscription: subscription.id })
  expect(data.map(({ created, status }) => [created, status])).toEqual([
    [at('2030-06-30'), 'paid'],
    [at('2030-05-31'), 'paid'],
  ])
  expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).status).toBe('ready')
})

test('a test clock goes forward only, and two intervals at most at a time', async () => {
  const { stripe, clock } = await aClockedSubscription()
  const to = (instant: string) =>
    refusalOf(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: at(instant) }))
  expect(await to('2030-05-30')).toMatchObject({ param: 'frozen_time' })
  expect(await to('2030-08-01')).toMatchObject({ param: 'frozen_time' })
})

test('lists leave out what lives by a test clock unless the clock or the customer is named', async () => {
  const { stripe, clock, customer, subscription } = await aClockedSubscription()
  expect(idsOf(await stripe.customers.list())).toEqual([])
  expect(idsOf(await stripe.customers.list({ test_clock: clock.id }))).toEqual([customer.id])
  expect(idsOf(await stripe.subscriptions.list())).toEqual([])
  expect(idsOf(await stripe.subscriptions.list({ customer: customer.id }))).toEqual([
    subscription.id,
  ])
  await stripe.testHelpers.testClocks.del(clock.id)
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true })
})
