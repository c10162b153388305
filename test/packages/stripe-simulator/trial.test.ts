import { expect, test } from 'vitest'
import { advanceTo, aSession, aSubscription, aWorld, eventTypes, payByScript } from './support.ts'

test('a trial costs nothing, is announced to be ending three days before, and converts on time', async () => {
  const world = await aWorld({ startsAt: '2026-01-31T09:00:00Z' })
  const { stripe, simulator } = world
  const session = await aSession(stripe, { subscription_data: { trial_period_days: 14 } })
  await payByScript(simulator.url, session.id)
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
  expect(done).toMatchObject({
    payment_status: 'no_payment_required',
    amount_total: 0,
    subscription: { status: 'trialing', trial_end: Date.parse('2026-02-14T09:00:00Z') / 1000 },
  })
  expect((await stripe.charges.list()).data).toEqual([])

  await advanceTo(world, '2026-02-11T08:59:59Z')
  expect(await eventTypes(stripe)).not.toContain('customer.subscription.trial_will_end')
  await advanceTo(world, '2026-02-11T09:00:00Z')
  const types = await eventTypes(stripe)
  expect(types.filter((type) => type.endsWith('trial_will_end'))).toHaveLength(1)

  await advanceTo(world, '2026-02-14T10:00:00Z')
  const [subscription] = (await stripe.subscriptions.list({ expand: ['data.latest_invoice'] })).data
  expect(subscription).toMatchObject({
    status: 'active',
    billing_cycle_anchor: Date.parse('2026-02-14T09:00:00Z') / 1000,
    items: { data: [{ current_period_end: Date.parse('2026-03-14T09:00:00Z') / 1000 }] },
    latest_invoice: { status: 'paid', total: 1500, billing_reason: 'subscription_cycle' },
  })
})

test('a trial of at most three days is announced to be ending at once', async () => {
  const world = await aWorld()
  await aSubscription(world.stripe, { trial_period_days: 2 })
  await world.simulator.settle()
  expect(await eventTypes(world.stripe)).toContain('customer.subscription.trial_will_end')
})

test.each([
  ['cancel', 'canceled'],
  ['pause', 'paused'],
  ['create_invoice', 'past_due'],
] as const)('a trial without a card ends by %s as %s', async (missing, status) => {
  const world = await aWorld()
  const { stripe, clock, simulator } = world
  const customer = await stripe.customers.create()
  const product = await stripe.products.create({ name: 'Pro' })
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 900,
    product: product.id,
    recurring: { interval: 'month' },
  })
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    trial_period_days: 7,
    trial_settings: { end_behavior: { missing_payment_method: missing } },
  })
  clock.advance(7 * 86_400 + 3_600)
  await simulator.settle()
  expect((await stripe.subscriptions.retrieve(id)).status).toBe(status)
})
