import { expect, test } from 'vitest'
import {
  advanceTo,
  aCustomer,
  aPrice,
  aSubscription,
  aWorld,
  eventTypes,
  idOf,
  useCard,
} from './support.ts'

test('lines name the product, the price and the day from which a change counts', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const { id, items, latest_invoice: first } = await aSubscription(stripe)
  const textsOf = async (invoice: string) =>
    (await stripe.invoices.retrieve(invoice)).lines.data.map(({ description }) => description)
  expect(await textsOf(idOf(first))).toEqual(['1 × Pro (at $15.00 / month)'])
  await advanceTo(world, '2026-04-16T00:00:00Z')
  const change = { items: [{ id: items.data[0]!.id, quantity: 2 }] }
  const texts = [
    'Unused time on Pro after 16 Apr 2026',
    'Remaining time on 2 × Pro after 16 Apr 2026',
  ]
  const preview = await stripe.invoices.createPreview({
    subscription: id,
    subscription_details: { ...change, proration_behavior: 'always_invoice' },
  })
  expect(preview.lines.data.map(({ description }) => description)).toEqual(texts)
  const changed = await stripe.subscriptions.update(id, {
    ...change,
    proration_behavior: 'always_invoice',
  })
  expect(await textsOf(idOf(changed.latest_invoice))).toEqual(texts)
})

test('an invoice with more than ten lines embeds ten, and pages the rest', async () => {
  const { stripe } = await aWorld()
  const prices = await Promise.all(
    Array.from({ length: 12 }, (_, index) => aPrice(stripe, { unit_amount: 100 + index })),
  )
  const customer = await aCustomer(stripe)
  const { latest_invoice: invoice } = await stripe.subscriptions.create({
    customer: customer.id,
    items: prices.map(({ id }) => ({ price: id })),
  })
  const { lines, total } = await stripe.invoices.retrieve(idOf(invoice))
  expect(lines).toMatchObject({ has_more: true, data: { length: 10 } })
  const all: number[] = []
  for await (const line of stripe.invoices.listLineItems(idOf(invoice), { limit: 5 }))
    all.push(line.amount)
  expect(all).toHaveLength(12)
  expect(all.reduce((sum, amount) => sum + amount, 0)).toBe(total)
})

test('a voided invoice discards the change that waited for it', async () => {
  const { stripe } = await aWorld()
  const { id, items, customer } = await aSubscription(stripe)
  await useCard(stripe, idOf(customer), 'pm_card_chargeCustomerFail')
  const waiting = await stripe.subscriptions.update(id, {
    items: [{ id: items.data[0]!.id, quantity: 3 }],
    proration_behavior: 'always_invoice',
    payment_behavior: 'pending_if_incomplete',
  })
  expect(waiting.pending_update).not.toBeNull()
  const voided = await stripe.invoices.voidInvoice(idOf(waiting.latest_invoice))
  expect(voided.status).toBe('void')
  const after = await stripe.subscriptions.retrieve(id)
  expect(after.pending_update).toBeNull()
  expect(after.items.data[0]?.quantity).toBe(1)
  expect(await eventTypes(stripe)).toContain('customer.subscription.pending_update_expired')
})

test('an invoice that is sent is due after its days; then the subscription is past due until it is paid', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const { id, latest_invoice: first } = await aSubscription(stripe, {
    collection_method: 'send_invoice',
    days_until_due: 14,
  })
  const invoice = await stripe.invoices.retrieve(idOf(first))
  expect(invoice).toMatchObject({ status: 'open', due_date: Date.parse('2026-04-15') / 1000 })
  await advanceTo(world, '2026-04-16T00:00:00Z')
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due')
  expect(await eventTypes(stripe)).toContain('invoice.overdue')
  await stripe.invoices.pay(invoice.id)
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
})

test.each(['markUncollectible', 'voidInvoice'] as const)(
  'after %s of the invoice that was not paid the subscription is active again',
  async (giveUp) => {
    const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
    const { stripe } = world
    const { id, customer } = await aSubscription(stripe)
    await useCard(stripe, idOf(customer), 'pm_card_chargeCustomerFail')
    await advanceTo(world, '2026-05-02T00:00:00Z')
    const { status, latest_invoice: invoice } = await stripe.subscriptions.retrieve(id)
    expect(status).toBe('past_due')
    const given = await stripe.invoices[giveUp](idOf(invoice))
    expect(given.status).toBe(giveUp === 'voidInvoice' ? 'void' : 'uncollectible')
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
  },
)

test.each(['void', 'mark_uncollectible', 'keep_as_draft'] as const)(
  'paused collection: %s decides what becomes of the invoices, and resumes_at ends it',
  async (behavior) => {
    const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
    const { stripe } = world
    const { id } = await aSubscription(stripe)
    await stripe.subscriptions.update(id, {
      pause_collection: { behavior, resumes_at: Date.parse('2026-05-20') / 1000 },
    })
    await advanceTo(world, '2026-05-02T00:00:00Z')
    const status = { void: 'void', mark_uncollectible: 'uncollectible', keep_as_draft: 'draft' }
    const [invoice] = (await stripe.invoices.list({ subscription: id })).data
    expect(invoice?.status).toBe(status[behavior])
    await advanceTo(world, '2026-06-01T02:00:00Z')
    const { pause_collection: paused, latest_invoice: latest } =
      await stripe.subscriptions.retrieve(id)
    expect(paused).toBeNull()
    expect((await stripe.invoices.retrieve(idOf(latest))).status).toBe('paid')
  },
)
