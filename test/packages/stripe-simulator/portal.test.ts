import { expect, test } from 'vitest'
import { aPrice, aCustomer, advanceTo, aSubscription, aWorld, idOf, refusalOf } from './support.ts'

async function aPortal() {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { id, customer } = await aSubscription(world.stripe)
  const session = await world.stripe.billingPortal.sessions.create({
    customer: idOf(customer),
    return_url: 'https://app.example/account',
  })
  const press = (path: string, form: Record<string, string>) =>
    fetch(`${session.url}/${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
  return { ...world, world, id, customer: idOf(customer), session, press }
}

test('the portal shows the subscription, its price and the way back', async () => {
  const { session } = await aPortal()
  const page = await fetch(session.url)
  const text = await page.text()
  for (const part of ['Pro', '$15.00', 'May 1, 2026', '4242', 'https://app.example/account']) {
    expect(text).toContain(part)
  }
})

test('a customer cancels at the end of the period in the portal, and takes it back', async () => {
  const { stripe, id, press } = await aPortal()
  expect((await press('cancel', { subscription: id })).status).toBe(303)
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
    cancel_at_period_end: true,
    cancel_at: Date.parse('2026-05-01') / 1000,
  })
  await press('keep', { subscription: id })
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at: null })
})

test('a card that is switched in the portal pays from then on; a declined one changes nothing', async () => {
  const { stripe, customer, press } = await aPortal()
  expect((await press('card', { card: '4000000000000002' })).status).toBe(402)
  await press('card', { card: '5555 5555 5555 4444' })
  const held = await stripe.customers.retrieve(customer, {
    expand: ['invoice_settings.default_payment_method'],
  })
  expect(held).toMatchObject({
    invoice_settings: { default_payment_method: { card: { last4: '4444' } } },
  })
})

test('a portal cannot be guessed, and it cancels no subscription of another customer', async () => {
  const { stripe, simulator, press } = await aPortal()
  expect((await fetch(`${simulator.url}/p/session/test_guess`)).status).toBe(404)
  const other = await aSubscription(stripe)
  await press('cancel', { subscription: other.id })
  expect((await stripe.subscriptions.retrieve(other.id)).cancel_at).toBeNull()
})

test('metered usage is charged when its period ends, each identifier once', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  })
  const price = await aPrice(stripe, {
    unit_amount: 3,
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  })
  const customer = await aCustomer(stripe)
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  await advanceTo(world, '2026-04-10T00:00:00Z')
  for (const identifier of ['a', 'b', 'b']) {
    await stripe.billing.meterEvents.create({
      event_name: 'calls',
      identifier,
      payload: { stripe_customer_id: customer.id, value: '50' },
    })
  }
  const unknown = stripe.billing.meterEvents.create({ event_name: 'none', payload: {} })
  expect((await refusalOf(unknown)).statusCode).toBe(400)
  await advanceTo(world, '2026-05-01T01:00:00Z')
  const [invoice] = (await stripe.invoices.list({ subscription: id })).data
  expect(invoice).toMatchObject({ total: 300, status: 'paid' })
  expect(invoice?.lines.data[0]).toMatchObject({
    quantity: 100,
    period: { start: Date.parse('2026-04-01') / 1000, end: Date.parse('2026-05-01') / 1000 },
  })
})
