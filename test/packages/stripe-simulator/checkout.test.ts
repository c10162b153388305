import { expect, test } from 'vitest'
import {
  aReceiver,
  aSession,
  aWorld,
  advanceTo,
  eventTypes,
  payByScript,
  payInBrowser,
} from './support.ts'

test('a paid checkout makes a customer, an active subscription and a paid invoice', async () => {
  const { stripe, simulator } = await aWorld()
  const session = await aSession(stripe, {
    client_reference_id: 'user-7',
    customer_email: 'ana@example.com',
    metadata: { user: '7' },
    subscription_data: { metadata: { subscription: 's-1' } },
    success_url: 'https://app.example/done?session={CHECKOUT_SESSION_ID}',
  })
  const answer = await payInBrowser(simulator.url, session.id)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe(`https://app.example/done?session=${session.id}`)

  const paid = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ['subscription.latest_invoice.payments', 'customer', 'line_items'],
  })
  expect(paid).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    client_reference_id: 'user-7',
    metadata: { user: '7' },
    customer: { email: 'ana@example.com' },
    line_items: { data: [{ amount_total: 1500, quantity: 1 }] },
    subscription: {
      status: 'active',
      metadata: { subscription: 's-1' },
      latest_invoice: {
        status: 'paid',
        amount_paid: 1500,
        billing_reason: 'subscription_create',
        payments: { data: [{ status: 'paid', amount_paid: 1500 }] },
      },
    },
  })
  expect(await eventTypes(stripe)).toEqual([
    'product.created',
    'price.created',
    'customer.created',
    'payment_method.attached',
    'customer.subscription.created',
    'invoice.created',
    'invoice.finalized',
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
    'customer.subscription.updated',
    'checkout.session.completed',
  ])
})

test('a script pays the latest open checkout without knowing its id', async () => {
  const { stripe, simulator } = await aWorld()
  const session = await aSession(stripe)
  const declined = await payByScript(simulator.url, 'latest', { card: '4000000000000002' })
  expect(declined.status).toBe(402)
  expect(await declined.json()).toMatchObject({ session: session.id, status: 'open' })
  const paid = await payByScript(simulator.url, 'latest')
  expect(paid.status).toBe(200)
  expect(await paid.json()).toMatchObject({
    session: session.id,
    status: 'complete',
    subscription: expect.stringMatching(/^sub_/),
  })
  expect((await payByScript(simulator.url, 'latest')).status).toBe(404)
})

test('a declined card leaves the checkout open, says why, and another card pays', async () => {
  const { stripe, simulator } = await aWorld()
  const session = await aSession(stripe)
  const declined = await payInBrowser(simulator.url, session.id, { card: '4000 0000 0000 0002' })
  expect(declined.status).toBe(402)
  expect(await declined.text()).toContain('Your card was declined.')
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
  expect((await stripe.subscriptions.list()).data).toEqual([])
  await payInBrowser(simulator.url, session.id)
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('complete')
})

test('a 3-D Secure card is challenged: failing keeps the checkout open, completing pays', async () => {
  const { stripe, simulator } = await aWorld()
  const session = await aSession(stripe)
  const challenged = await payInBrowser(simulator.url, session.id, { card: '4000002500003155' })
  expect(challenged.headers.get('location')).toBe(`/c/pay/${session.id}/challenge`)
  const failed = await payInBrowser(simulator.url, `${session.id}/challenge`, { outcome: 'fail' })
  expect(failed.status).toBe(402)
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
  await payInBrowser(simulator.url, `${session.id}/challenge`, { outcome: 'complete' })
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'complete' })
})

test('two tabs that both press Pay charge once', async () => {
  const { stripe, simulator } = await aWorld()
  const session = await aSession(stripe)
  await Promise.all([1, 2, 3].map(() => payInBrowser(simulator.url, session.id)))
  expect((await stripe.charges.list()).data).toHaveLength(1)
  expect((await stripe.subscriptions.list({ status: 'all' })).data).toHaveLength(1)
})

test('without a success page of its own the person sees that it was paid', async () => {
  const { stripe, simulator } = await aWorld()
  const session = await aSession(stripe)
  const first = await fetch(session.url!, { headers: { accept: 'text/html' } })
  expect(await first.text()).toContain('$15.00')
  const answer = await payInBrowser(simulator.url, session.id)
  const page = await fetch(new URL(answer.headers.get('location')!, simulator.url))
  expect(await page.text()).toContain('Payment received')
})

test('a checkout expires at its instant, and can be expired before', async () => {
  const world = await aWorld({ startsAt: '2026-03-01T00:00:00Z' })
  const { stripe, simulator } = world
  const session = await aSession(stripe, { expires_at: Date.parse('2026-03-01T00:30:00Z') / 1000 })
  const early = await aSession(stripe)
  await stripe.checkout.sessions.expire(early.id)
  await advanceTo(world, '2026-03-01T00:29:59Z')
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
  await advanceTo(world, '2026-03-01T05:00:00Z')
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: 'expired',
    url: null,
  })
  const events = await stripe.events.list({ type: 'checkout.session.expired' })
  expect(events.data.map(({ created }) => new Date(created * 1000).toISOString())).toEqual([
    '2026-03-01T00:30:00.000Z',
    '2026-03-01T00:00:00.000Z',
  ])
  const late = await payInBrowser(simulator.url, session.id)
  const page = await fetch(new URL(late.headers.get('location')!, simulator.url))
  expect(await page.text()).toContain('has expired')
})

test('every event of a checkout reaches the endpoint with a signature that the SDK accepts', async () => {
  const { stripe, simulator } = await aWorld()
  const { url, received } = await aReceiver()
  const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  const session = await aSession(stripe)
  await payByScript(simulator.url, session.id)
  await simulator.deliveriesIdle()
  const types = received.map(
    ({ body, signature }) => stripe.webhooks.constructEvent(body, signature, endpoint.secret!).type,
  )
  expect(types.toSorted()).toEqual((await eventTypes(stripe)).toSorted())
  expect(simulator.webhookSecretFor(endpoint.id)).toBe(endpoint.secret)
})

test('a page of the mode payment charges once, without an invoice or a subscription', async () => {
  const { stripe, simulator } = await aWorld()
  const metadata = { purchase: 'p-1' }
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      {
        price_data: { currency: 'usd', unit_amount: 500, product_data: { name: '1,000 credits' } },
        quantity: 2,
      },
    ],
    metadata,
    payment_intent_data: { metadata },
    customer_email: 'ana@example.com',
    success_url: 'https://app.example/done',
  })
  expect(session).toMatchObject({ mode: 'payment', amount_total: 1000, payment_status: 'unpaid' })
  await payInBrowser(simulator.url, session.id)
  await payInBrowser(simulator.url, session.id)

  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
  expect(paid).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    invoice: null,
    subscription: null,
    payment_intent: { status: 'succeeded', amount_received: 1000, metadata },
  })
  const charges = await stripe.charges.list({})
  expect(charges.data).toMatchObject([{ amount: 1000, paid: true, metadata }])
  expect((await stripe.subscriptions.list({})).data).toEqual([])
})

test('a page of the mode payment refuses recurring prices and the data of a subscription', async () => {
  const { stripe } = await aWorld()
  const recurring = { currency: 'usd', unit_amount: 500, product_data: { name: 'Pro' } }
  const line = { price_data: { ...recurring, recurring: { interval: 'month' as const } } }
  const page = { mode: 'payment' as const, success_url: 'https://app.example/done' }
  await expect(
    stripe.checkout.sessions.create({ ...page, line_items: [{ ...line, quantity: 1 }] }),
  ).rejects.toThrow('recurring price')
  const once = [{ price_data: recurring, quantity: 1 }]
  await expect(
    stripe.checkout.sessions.create({
      ...page,
      line_items: once,
      subscription_data: { description: 'Pro' },
    }),
  ).rejects.toThrow('subscription_data')
})
