import type { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import {
  advanceTo,
  aPrice,
  aSubscription,
  aWorld,
  eventTypes,
  idOf,
  refusalOf,
  useCard,
  type World,
} from './support.ts'

const START = '2026-04-01T00:00:00Z'
const HALF = '2026-04-16T00:00:00Z'

/** A plan of 15.00 a month from the first of a month of thirty days, and one of 40.00. */
async function anUpgrade(given: { card?: string } = {}) {
  const world = await aWorld({ startsAt: START })
  const subscription = await aSubscription(world.stripe, given)
  const price = await aPrice(world.stripe, { unit_amount: 4_000 })
  const items = [{ id: subscription.items.data[0]!.id, price: price.id }]
  return { world, id: subscription.id, customer: idOf(subscription.customer), items, price }
}

const amounts = ({ lines }: Stripe.Invoice) => lines.data.map(({ amount }) => amount)

async function latestOf({ stripe }: World, id: string): Promise<Stripe.Invoice> {
  const { latest_invoice: invoice } = await stripe.subscriptions.retrieve(id)
  return stripe.invoices.retrieve(idOf(invoice))
}

test('an upgrade that is invoiced at once credits the unused half and charges the rest', async () => {
  const { world, id, items } = await anUpgrade()
  await advanceTo(world, HALF)
  const updated = await world.stripe.subscriptions.update(id, {
    items,
    proration_behavior: 'always_invoice',
    payment_behavior: 'pending_if_incomplete',
  })
  expect(updated).toMatchObject({ status: 'active', pending_update: null })
  expect(updated.items.data[0]?.price.unit_amount).toBe(4_000)
  const invoice = await latestOf(world, id)
  expect(amounts(invoice)).toEqual([-750, 2_000])
  expect(invoice).toMatchObject({
    status: 'paid',
    total: 1_250,
    billing_reason: 'subscription_update',
  })
  expect(
    invoice.lines.data.map((line) => line.parent?.subscription_item_details?.proration),
  ).toEqual([true, true])
  await advanceTo(world, '2026-05-01T02:00:00Z')
  expect(amounts(await latestOf(world, id))).toEqual([4_000])
})

test.each(['always_invoice', 'create_prorations', 'none'] as const)(
  'the preview of a change with %s is what is charged for it',
  async (proration_behavior) => {
    const { world, id, items } = await anUpgrade()
    await advanceTo(world, '2026-04-10T07:23:11Z')
    const { stripe, clock } = world
    const proration_date = Math.floor(clock.now().getTime() / 1000)
    const preview = await stripe.invoices.createPreview({
      subscription: id,
      subscription_details: { items, proration_behavior, proration_date },
    })
    clock.advance(600)
    await stripe.subscriptions.update(id, { items, proration_behavior, proration_date })
    await advanceTo(world, '2026-05-01T01:00:00Z')
    const { data } = await stripe.invoices.list({ subscription: id })
    const charged = data.find(({ lines }) => lines.data.length === preview.lines.data.length)!
    expect(amounts(charged)).toEqual(amounts(preview))
    expect(charged.total).toBe(preview.total)
  },
)

test('prorations wait for the renewal unless they are invoiced', async () => {
  const { world, id, items, customer } = await anUpgrade()
  await advanceTo(world, HALF)
  await world.stripe.subscriptions.update(id, { items })
  const pending = await world.stripe.invoiceItems.list({ customer, pending: true })
  expect(pending.data.map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual([-750, 2_000])
  await advanceTo(world, '2026-05-01T02:00:00Z')
  expect(amounts(await latestOf(world, id)).toSorted((a, b) => a - b)).toEqual([-750, 2_000, 4_000])
  expect((await world.stripe.invoiceItems.list({ customer, pending: true })).data).toEqual([])
})

test('the credit equals the charge: two changes in one period credit no more', async () => {
  const { world, id, items } = await anUpgrade()
  const cheap = await aPrice(world.stripe, { unit_amount: 500 })
  await advanceTo(world, HALF)
  await world.stripe.subscriptions.update(id, { items, proration_behavior: 'none' })
  await advanceTo(world, '2026-04-24T12:00:00Z')
  await world.stripe.subscriptions.update(id, {
    items: [{ id: items[0]!.id, price: cheap.id }],
    proration_behavior: 'always_invoice',
  })
  // 13/60 of the 15.00 that were billed, not of 40.00 that never were: 13/60 of 1500.
  expect(amounts(await latestOf(world, id))).toEqual([-325, 108])
  const customer = await world.stripe.customers.retrieve(idOf((await latestOf(world, id)).customer))
  expect(customer).toMatchObject({ balance: -217 })
  await advanceTo(world, '2026-05-01T02:00:00Z')
  expect(await latestOf(world, id)).toMatchObject({ total: 500, amount_due: 283, status: 'paid' })
})

test('a change that waits for its payment leaves the plan as it was, and is applied when paid', async () => {
  const { world, id, items, customer } = await anUpgrade()
  const { stripe } = world
  await useCard(stripe, customer, 'pm_card_chargeCustomerFail')
  await advanceTo(world, HALF)
  const waiting = await stripe.subscriptions.update(id, {
    items,
    proration_behavior: 'always_invoice',
    payment_behavior: 'pending_if_incomplete',
  })
  expect(waiting.items.data[0]?.price.unit_amount).toBe(1_500)
  expect(waiting).toMatchObject({
    status: 'active',
    pending_update: { expires_at: Date.parse(HALF) / 1000 + 23 * 3_600 },
  })
  await useCard(stripe, customer, 'pm_card_visa')
  await stripe.invoices.pay(idOf(waiting.latest_invoice))
  const applied = await stripe.subscriptions.retrieve(id)
  expect(applied.items.data[0]?.price.unit_amount).toBe(4_000)
  expect(applied.pending_update).toBeNull()
  expect(await eventTypes(stripe)).toContain('customer.subscription.pending_update_applied')
})

test('a change that nobody pays for in 23 hours is off, and its invoice void', async () => {
  const { world, id, items, customer } = await anUpgrade()
  const { stripe } = world
  await useCard(stripe, customer, 'pm_card_chargeCustomerFail')
  await advanceTo(world, HALF)
  const waiting = await stripe.subscriptions.update(id, {
    items,
    proration_behavior: 'always_invoice',
    payment_behavior: 'pending_if_incomplete',
  })
  await advanceTo(world, '2026-04-16T23:00:00Z')
  const dropped = await stripe.subscriptions.retrieve(id)
  expect(dropped).toMatchObject({ status: 'active', pending_update: null })
  expect(dropped.items.data[0]?.price.unit_amount).toBe(1_500)
  expect((await stripe.invoices.retrieve(idOf(waiting.latest_invoice))).status).toBe('void')
  expect(await eventTypes(stripe)).toContain('customer.subscription.pending_update_expired')
})

test('error_if_incomplete refuses a change that cannot be paid, and changes nothing', async () => {
  const { world, id, items, customer } = await anUpgrade()
  const { stripe } = world
  await useCard(stripe, customer, 'pm_card_chargeCustomerFail')
  await advanceTo(world, HALF)
  const before = await stripe.subscriptions.retrieve(id)
  const call = stripe.subscriptions.update(id, {
    items,
    proration_behavior: 'always_invoice',
    payment_behavior: 'error_if_incomplete',
  })
  expect(await refusalOf(call)).toMatchObject({ statusCode: 402, code: 'card_declined' })
  expect(await stripe.subscriptions.retrieve(id)).toEqual(before)
})

test('another interval opens a new period at once and credits the old one', async () => {
  const { world, id, items } = await anUpgrade()
  const yearly = await aPrice(world.stripe, {
    unit_amount: 12_000,
    recurring: { interval: 'year' },
  })
  await advanceTo(world, HALF)
  const changed = await world.stripe.subscriptions.update(id, {
    items: [{ id: items[0]!.id, price: yearly.id }],
  })
  expect(changed.items.data[0]?.current_period_end).toBe(Date.parse('2027-04-16T00:00:00Z') / 1000)
  expect(amounts(await latestOf(world, id))).toEqual([-750, 12_000])
})

test('a trial that is ended now charges now; one that is extended ends later', async () => {
  const world = await aWorld({ startsAt: START })
  const { stripe } = world
  const short = await aSubscription(stripe, { trial_period_days: 14 })
  const long = await aSubscription(stripe, { trial_period_days: 14 })
  await advanceTo(world, '2026-04-05T00:00:00Z')
  const ended = await stripe.subscriptions.update(short.id, { trial_end: 'now' })
  expect(ended).toMatchObject({ status: 'active', trial_end: Date.parse('2026-04-05') / 1000 })
  expect(await latestOf(world, short.id)).toMatchObject({ status: 'paid', total: 1_500 })
  await stripe.subscriptions.update(long.id, { trial_end: Date.parse('2026-04-25') / 1000 })
  await advanceTo(world, '2026-04-20T00:00:00Z')
  expect((await stripe.subscriptions.retrieve(long.id)).status).toBe('trialing')
  await advanceTo(world, '2026-04-25T00:00:00Z')
  expect((await stripe.subscriptions.retrieve(long.id)).status).toBe('active')
})

test('a change without the item id adds an item', async () => {
  const { world, id, price } = await anUpgrade()
  const changed = await world.stripe.subscriptions.update(id, { items: [{ price: price.id }] })
  expect(changed.items.data).toHaveLength(2)
})
