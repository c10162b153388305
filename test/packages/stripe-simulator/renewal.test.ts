import type { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import {
  aCustomer,
  advanceTo,
  aPrice,
  aSubscription,
  aWorld,
  eventTypes,
  idOf,
  invoiceOf,
  useCard,
} from './support.ts'

const iso = (seconds: number) => new Date(seconds * 1000).toISOString()
const periodOf = ({ items }: Stripe.Subscription) => {
  const { current_period_start: start, current_period_end: end } = items.data[0]!
  return [iso(start), iso(end)]
}

test('a subscription from the 31st renews on the last day of shorter months, and on the 31st again', async () => {
  const world = await aWorld({ startsAt: '2027-12-31T22:30:00Z' })
  const { stripe } = world
  const { id } = await aSubscription(stripe)
  const boundaries: string[] = []
  for (const month of ['01-31', '02-29', '03-31', '04-30', '05-31']) {
    await advanceTo(world, `2028-${month}T22:30:00Z`)
    boundaries.push(periodOf(await stripe.subscriptions.retrieve(id))[0]!)
  }
  expect(boundaries).toEqual([
    '2028-01-31T22:30:00.000Z',
    '2028-02-29T22:30:00.000Z',
    '2028-03-31T22:30:00.000Z',
    '2028-04-30T22:30:00.000Z',
    '2028-05-31T22:30:00.000Z',
  ])
})

test('a year that starts on a leap day renews on 28 February', async () => {
  const world = await aWorld({ startsAt: '2028-02-29T00:00:00Z' })
  const { stripe } = world
  const price = await aPrice(stripe, { recurring: { interval: 'year' } })
  const customer = await aCustomer(stripe)
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  expect(periodOf(made)[1]).toBe('2029-02-28T00:00:00.000Z')
})

test('a renewal is a draft for an hour, then paid, and each part bears its own instant', async () => {
  const world = await aWorld({ startsAt: '2026-01-15T10:00:00Z' })
  const { stripe } = world
  const { id } = await aSubscription(stripe)
  await advanceTo(world, '2026-02-15T10:00:00Z')
  const renewed = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })
  expect(periodOf(renewed)).toEqual(['2026-02-15T10:00:00.000Z', '2026-03-15T10:00:00.000Z'])
  expect(renewed).toMatchObject({
    status: 'active',
    latest_invoice: {
      status: 'draft',
      billing_reason: 'subscription_cycle',
      automatically_finalizes_at: Date.parse('2026-02-15T11:00:00Z') / 1000,
    },
  })
  await advanceTo(world, '2026-02-20T00:00:00Z')
  const invoices = await stripe.invoices.list({ subscription: id })
  expect(invoices.data.map(({ status, total }) => [status, total])).toEqual([
    ['paid', 1500],
    ['paid', 1500],
  ])
  expect(iso(invoices.data[0]!.status_transitions.paid_at!)).toBe('2026-02-15T11:00:00.000Z')
  expect(
    await eventTypes(stripe, { created: { gt: Date.parse('2026-01-15T10:00:00Z') / 1000 } }),
  ).toEqual([
    'invoice.created',
    'customer.subscription.updated',
    'invoice.finalized',
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
  ])
  const [updated] = (await stripe.events.list({ type: 'customer.subscription.updated' })).data
  expect(iso(updated!.created)).toBe('2026-02-15T10:00:00.000Z')
  expect(Object.keys(updated!.data.previous_attributes!)).toEqual(['items', 'latest_invoice'])
})

test('a jump over a year makes every renewal on the way, each at its own instant', async () => {
  const world = await aWorld({ startsAt: '2026-01-31T00:00:00Z' })
  const { stripe } = world
  const { id } = await aSubscription(stripe)
  await advanceTo(world, '2027-01-31T12:00:00Z')
  const invoices = await stripe.invoices.list({ subscription: id, limit: 100 })
  expect(invoices.data).toHaveLength(13)
  expect(invoices.data.every(({ status }) => status === 'paid')).toBe(true)
  expect(iso(invoices.data[1]!.created)).toBe('2026-12-31T00:00:00.000Z')
})

test('a card that starts to fail makes the subscription past due, is retried on schedule, and ends it', async () => {
  const world = await aWorld({ startsAt: '2026-01-10T00:00:00Z' })
  const { stripe } = world
  const { id, customer } = await aSubscription(stripe)
  await useCard(stripe, idOf(customer), 'pm_card_chargeCustomerFail')

  await advanceTo(world, '2026-02-10T01:00:00Z')
  const late = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })
  expect(late).toMatchObject({
    status: 'past_due',
    latest_invoice: {
      status: 'open',
      attempt_count: 1,
      next_payment_attempt: Date.parse('2026-02-13T01:00:00Z') / 1000,
    },
  })
  await advanceTo(world, '2026-03-01T00:00:00Z')
  const failures = await stripe.events.list({ type: 'invoice.payment_failed' })
  const steps = failures.data.map((event) => {
    const invoice = invoiceOf(event)
    return [
      iso(event.created).slice(0, 10),
      invoice.attempt_count,
      invoice.next_payment_attempt === null,
    ]
  })
  expect(steps.toReversed()).toEqual([
    ['2026-02-10', 1, false],
    ['2026-02-13', 2, false],
    ['2026-02-18', 3, false],
    ['2026-02-24', 4, true],
  ])
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
    status: 'canceled',
    ended_at: Date.parse('2026-02-24T01:00:00Z') / 1000,
    cancellation_details: { reason: 'payment_failed' },
  })
})

test('a new card recovers a past due subscription at the next attempt or when it is asked to pay', async () => {
  const world = await aWorld({ startsAt: '2026-01-10T00:00:00Z' })
  const { stripe } = world
  const { id, customer } = await aSubscription(stripe)
  await useCard(stripe, idOf(customer), 'pm_card_chargeCustomerFail')
  await advanceTo(world, '2026-02-10T01:00:00Z')
  await useCard(stripe, idOf(customer), 'pm_card_visa')
  const { latest_invoice: invoice } = await stripe.subscriptions.retrieve(id)
  expect((await stripe.invoices.pay(idOf(invoice))).status).toBe('paid')
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
})

test('a card that asks the bank off session is past due until the customer acts', async () => {
  const world = await aWorld({ startsAt: '2026-01-10T00:00:00Z' })
  const { stripe } = world
  const { id, customer } = await aSubscription(stripe)
  await useCard(stripe, idOf(customer), 'pm_card_authenticationRequired')
  await advanceTo(world, '2026-02-10T01:00:00Z')
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due')
  expect(await eventTypes(stripe)).toEqual(
    expect.arrayContaining(['invoice.payment_action_required', 'payment_intent.requires_action']),
  )
})

test('the account’s setting decides what happens after the last attempt, instead of canceling', async () => {
  const world = await aWorld({ startsAt: '2026-01-10T00:00:00Z', afterLastAttempt: 'unpaid' })
  const { stripe } = world
  const { id, customer } = await aSubscription(stripe)
  await useCard(stripe, idOf(customer), 'pm_card_chargeCustomerFail')
  await advanceTo(world, '2026-04-01T00:00:00Z')
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('unpaid')
  const [latest] = (await stripe.invoices.list({ subscription: id })).data
  expect(latest).toMatchObject({ status: 'draft', auto_advance: false })
})
