import { expect, test } from 'vitest'
import {
  aPrice,
  aSession,
  aSubscription,
  aWorld,
  advanceTo,
  eventTypes,
  idOf,
  knob,
  payByScript,
  refusalOf,
  type World,
} from './support.ts'

/** @see https://docs.stripe.com/testing#sepa-direct-debit */
const PAYS = 'DE89370400440532013000'
const FAILS = 'DE62370400440532013001'

/** A checkout that was paid from a bank account on 1 April. */
async function aDebitCheckout(world: World, iban: string) {
  const { id } = await aSession(world.stripe)
  expect((await payByScript(world.simulator.url, id, { card: iban })).status).toBe(200)
  const session = () =>
    world.stripe.checkout.sessions.retrieve(id, {
      expand: ['subscription.latest_invoice.payments'],
    })
  return { id, session, subscription: idOf((await session()).subscription) }
}
const startsAt = '2026-04-01T00:00:00Z'
const ANSWERED = '2026-04-06T01:00:00Z'

test('a checkout paid from a bank account is complete and unpaid, until the bank confirms days later', async () => {
  const world = await aWorld({ startsAt })
  const { session, subscription } = await aDebitCheckout(world, PAYS)
  expect(await session()).toMatchObject({
    status: 'complete',
    payment_status: 'unpaid',
    subscription: {
      status: 'active',
      latest_invoice: {
        status: 'open',
        attempted: true,
        next_payment_attempt: null,
        payments: { data: [{ status: 'open' }] },
      },
    },
  })
  const { data } = await world.stripe.paymentIntents.list()
  expect(data).toMatchObject([{ status: 'processing', amount_received: 0 }])
  expect(await eventTypes(world.stripe)).toEqual(
    expect.arrayContaining(['payment_intent.processing', 'charge.pending']),
  )
  await advanceTo(world, ANSWERED)
  expect(await session()).toMatchObject({
    payment_status: 'paid',
    subscription: { id: subscription, status: 'active', latest_invoice: { status: 'paid' } },
  })
  const types = await eventTypes(world.stripe)
  expect(types.filter((type) => type === 'checkout.session.async_payment_succeeded')).toHaveLength(
    1,
  )
  expect(types.filter((type) => type === 'charge.succeeded')).toHaveLength(1)
})

test('a bank that refuses the first payment leaves the subscription past due, with an event of its own', async () => {
  const world = await aWorld({ startsAt })
  const { session } = await aDebitCheckout(world, FAILS)
  await advanceTo(world, ANSWERED)
  expect(await session()).toMatchObject({
    status: 'complete',
    payment_status: 'unpaid',
    subscription: { status: 'past_due', latest_invoice: { status: 'open' } },
  })
  expect(await eventTypes(world.stripe)).toEqual(
    expect.arrayContaining([
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'checkout.session.async_payment_failed',
    ]),
  )
})

test('an account whose subscriptions wait as incomplete does not expire them while the bank processes', async () => {
  const world = await aWorld({ startsAt, whileProcessing: 'incomplete' })
  const paid = await aDebitCheckout(world, PAYS)
  const failed = await aDebitCheckout(world, FAILS)
  await advanceTo(world, '2026-04-04T00:00:00Z')
  expect(await paid.session()).toMatchObject({ subscription: { status: 'incomplete' } })
  await advanceTo(world, ANSWERED)
  expect(await paid.session()).toMatchObject({ subscription: { status: 'active' } })
  expect(await failed.session()).toMatchObject({ subscription: { status: 'incomplete_expired' } })
})

test('a renewal from a bank account stays active while it is processed, and is past due when it fails', async () => {
  const world = await aWorld({ startsAt })
  const { stripe, simulator } = world
  const { id, customer } = await aSubscription(stripe)
  await knob(simulator.url, 'PUT', 'cards', {
    customer: idOf(customer),
    behaviour: 'fails_after_days',
  })
  await advanceTo(world, '2026-05-02T00:00:00Z')
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' })
  await advanceTo(world, '2026-05-07T00:00:00Z')
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'past_due' })
})

test('an invoice whose payment is processed is not paid twice, nor voided or written off', async () => {
  const world = await aWorld({ startsAt })
  const { stripe, simulator } = world
  const { session, subscription } = await aDebitCheckout(world, PAYS)
  const { latest_invoice: latest } = await stripe.subscriptions.retrieve(subscription)
  const invoice = idOf(latest)
  for (const call of [
    stripe.invoices.pay(invoice),
    stripe.invoices.voidInvoice(invoice),
    stripe.invoices.markUncollectible(invoice),
  ])
    expect(await refusalOf(call)).toMatchObject({ statusCode: 400 })
  const { customer } = await session()
  await knob(simulator.url, 'POST', 'debits', { customer: idOf(customer), succeeds: false })
  expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ status: 'open' })
  expect((await stripe.invoices.voidInvoice(invoice)).status).toBe('void')
})

test('an upgrade waits while the bank processes its payment, beyond the day that others have', async () => {
  const world = await aWorld({ startsAt })
  const { stripe, simulator } = world
  const { id, customer, items } = await aSubscription(stripe)
  const { id: price } = await aPrice(stripe, { unit_amount: 9_000 })
  const upgrade = () =>
    stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]!.id, price }],
      proration_behavior: 'always_invoice',
      payment_behavior: 'pending_if_incomplete',
    })
  await knob(simulator.url, 'PUT', 'cards', { customer: idOf(customer), behaviour: 'takes_days' })
  expect((await upgrade()).pending_update).not.toBeNull()
  await advanceTo(world, '2026-04-04T00:00:00Z')
  expect((await stripe.subscriptions.retrieve(id)).pending_update).not.toBeNull()
  await advanceTo(world, ANSWERED)
  const upgraded = await stripe.subscriptions.retrieve(id)
  expect(upgraded.pending_update).toBeNull()
  expect(upgraded.items.data[0]!.price.id).toBe(price)
})

test('a bank account is a payment method of its own type', async () => {
  const { stripe } = await aWorld({ startsAt })
  const method = await stripe.paymentMethods.create({
    type: 'sepa_debit',
    sepa_debit: { iban: PAYS },
  })
  expect(method).toMatchObject({ type: 'sepa_debit', sepa_debit: { last4: '3000', country: 'DE' } })
})
