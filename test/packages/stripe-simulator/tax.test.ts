import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { aPrice, aSubscription, aWorld, advanceTo, idOf, refusalOf } from './support.ts'

const START = '2026-04-01T00:00:00Z'

async function aPage(given: { readonly inclusive?: true; readonly page?: object } = {}) {
  const world = await aWorld({ startsAt: START })
  const { stripe } = world
  const price = await aPrice(stripe, {
    unit_amount: 2_000,
    tax_behavior: given.inclusive === true ? 'inclusive' : 'exclusive',
  })
  const customer = await stripe.customers.create({ email: 'ada@example.com' })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 1 }],
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    customer_update: { address: 'auto', name: 'auto' },
    success_url: 'https://app.example/paid',
  })
  const pay = async (page: Record<string, string>) => {
    await fetch(session.url!, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ card: '4242424242424242', ...page }),
    })
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription', 'invoice'],
    })
    return { paid, invoice: paid.invoice as Stripe.Invoice }
  }
  return { world, stripe, customer, session, pay }
}

test.each([
  ['Germany adds 19 percent', {}, { country: 'DE' }, { total: 2_380, tax: 380 }],
  [
    'Germany includes 19 percent',
    { inclusive: true },
    { country: 'DE' },
    { total: 2_000, tax: 319 },
  ],
  [
    'a business pays the tax itself',
    {},
    { country: 'FR', tax_id: 'FR1' },
    { total: 2_000, tax: 0 },
  ],
  ['no registration, no tax', {}, { country: 'US' }, { total: 2_000, tax: 0 }],
] as const)('%s', async (_, given, page, { total, tax }) => {
  const { pay } = await aPage(given)
  const { paid, invoice } = await pay(page)
  expect(paid).toMatchObject({
    automatic_tax: { enabled: true, status: 'complete' },
    amount_total: total,
    total_details: { amount_tax: tax },
    customer_details: { address: { country: page.country } },
    subscription: { automatic_tax: { enabled: true } },
  })
  expect(invoice).toMatchObject({
    total,
    amount_paid: total,
    automatic_tax: { status: 'complete' },
  })
  expect(invoice.total_taxes?.reduce((sum, { amount }) => sum + amount, 0)).toBe(tax)
})

test('a tax id of a business stands on the invoice, with the reason why there is no tax', async () => {
  const { pay } = await aPage()
  const { invoice } = await pay({ country: 'FR', tax_id: 'FR1' })
  expect(invoice).toMatchObject({
    customer_tax_ids: [{ type: 'eu_vat', value: 'FR1' }],
    total_taxes: [{ taxability_reason: 'reverse_charge' }],
  })
})

test('an invoice whose customer has no location any more is finalized without tax, and ends automatic tax', async () => {
  const { world, stripe, customer, pay } = await aPage()
  const { paid } = await pay({ country: 'DE' })
  await stripe.customers.update(customer.id, { address: '' })
  await advanceTo(world, '2026-05-01T02:00:00Z')
  const subscription = await stripe.subscriptions.retrieve(idOf(paid.subscription), {
    expand: ['latest_invoice'],
  })
  expect(subscription).toMatchObject({
    automatic_tax: { enabled: false, disabled_reason: 'requires_location_inputs' },
    latest_invoice: {
      total: 2_000,
      status: 'paid',
      automatic_tax: {
        enabled: false,
        disabled_reason: 'finalization_requires_location_inputs',
      },
    },
  })
})

test('refuses automatic tax without a location, and a tax id that it could not keep', async () => {
  const { stripe, customer } = await aPage()
  const { id: price } = await aPrice(stripe)
  const page: Stripe.Checkout.SessionCreateParams = {
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price, quantity: 1 }],
    success_url: 'https://app.example/paid',
  }
  const { sessions } = stripe.checkout
  expect(
    await refusalOf(sessions.create({ ...page, automatic_tax: { enabled: true } })),
  ).toMatchObject({ code: 'customer_tax_location_invalid' })
  expect(
    await refusalOf(sessions.create({ ...page, tax_id_collection: { enabled: true } })),
  ).toMatchObject({ param: 'customer_update[name]' })
  const subscription = await aSubscription(stripe)
  expect(
    await refusalOf(
      stripe.subscriptions.update(subscription.id, { automatic_tax: { enabled: true } }),
    ),
  ).toMatchObject({ code: 'customer_tax_location_invalid' })
})
