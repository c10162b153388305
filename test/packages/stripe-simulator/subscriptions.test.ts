import { expect, test } from 'vitest'
import {
  advanceTo,
  aCustomer,
  aPrice,
  aSubscription,
  aWorld,
  eventTypes,
  idOf,
  refusalOf,
} from './support.ts'

test('a first payment that fails leaves the subscription incomplete, and after 23 hours it expires', async () => {
  const world = await aWorld({ startsAt: '2026-05-01T00:00:00Z' })
  const { stripe } = world
  const { id } = await aSubscription(stripe, { card: 'pm_card_chargeCustomerFail' })
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('incomplete')
  await advanceTo(world, '2026-05-01T22:59:59Z')
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('incomplete')
  await advanceTo(world, '2026-05-01T23:00:00Z')
  expect(await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })).toMatchObject({
    status: 'incomplete_expired',
    latest_invoice: { status: 'void' },
  })
})

test('default_incomplete waits for the customer and hands out a client secret', async () => {
  const { stripe } = await aWorld()
  const { id } = await aSubscription(stripe, { payment_behavior: 'default_incomplete' })
  const waiting = await stripe.subscriptions.retrieve(id, {
    expand: ['latest_invoice.confirmation_secret'],
  })
  expect(waiting).toMatchObject({
    status: 'incomplete',
    latest_invoice: {
      confirmation_secret: { client_secret: expect.stringMatching(/^pi_.*secret/) },
    },
  })
})

test('error_if_incomplete leaves nothing behind', async () => {
  const { stripe } = await aWorld()
  const call = aSubscription(stripe, {
    card: 'pm_card_chargeCustomerFail',
    payment_behavior: 'error_if_incomplete',
  })
  expect(await refusalOf(call)).toMatchObject({ type: 'StripeCardError' })
  expect((await stripe.subscriptions.list({ status: 'all' })).data).toEqual([])
  expect(await eventTypes(stripe)).not.toContain('invoice.created')
})

test('canceled at the end of the period it runs to the end, unless that is withdrawn', async () => {
  const world = await aWorld({ startsAt: '2026-01-31T00:00:00Z' })
  const { stripe } = world
  const { id } = await aSubscription(stripe)
  const pending = await stripe.subscriptions.update(id, { cancel_at_period_end: true })
  expect(pending).toMatchObject({
    status: 'active',
    cancel_at_period_end: true,
    cancel_at: Date.parse('2026-02-28T00:00:00Z') / 1000,
  })
  await stripe.subscriptions.update(id, { cancel_at_period_end: false })
  await advanceTo(world, '2026-02-28T02:00:00Z')
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
  await stripe.subscriptions.update(id, { cancel_at_period_end: true })
  await advanceTo(world, '2026-03-31T00:00:00Z')
  const ended = await stripe.subscriptions.retrieve(id)
  expect(ended).toMatchObject({
    status: 'canceled',
    cancellation_details: { reason: 'cancellation_requested' },
  })
  expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(2)
  expect((await eventTypes(stripe)).at(-1)).toBe('customer.subscription.deleted')
})

test('deleting a customer ends all its subscriptions at once', async () => {
  const { stripe } = await aWorld()
  const { id, customer } = await aSubscription(stripe)
  await stripe.customers.del(idOf(customer))
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled')
  expect((await eventTypes(stripe)).slice(-2)).toEqual([
    'customer.subscription.deleted',
    'customer.deleted',
  ])
})

test('an archived price stays with its customers and is refused to new ones', async () => {
  const { stripe } = await aWorld()
  const customer = await aCustomer(stripe)
  const price = await aPrice(stripe)
  const create = () =>
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  const holder = await create()
  await stripe.prices.update(price.id, { active: false })
  expect(await refusalOf(create())).toMatchObject({ param: 'items[0][price]' })
  const kept = await stripe.subscriptions.retrieve(holder.id)
  expect(kept.items.data[0]?.price.active).toBe(false)
})

test('a price of an archived product is refused to new subscriptions and stays with its customers', async () => {
  const { stripe } = await aWorld()
  const held = await aSubscription(stripe)
  const price = held.items.data[0]!.price
  await stripe.products.update(idOf(price.product), { active: false })
  const customer = await aCustomer(stripe)
  const create = stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  expect(await refusalOf(create)).toMatchObject({
    message: expect.stringContaining('its product is not active'),
  })
  const more = { items: [{ id: held.items.data[0]!.id, price: price.id, quantity: 2 }] }
  expect((await stripe.subscriptions.update(held.id, more)).items.data[0]!.quantity).toBe(2)
})
