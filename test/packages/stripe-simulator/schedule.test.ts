import { expect, test } from 'vitest'
import { advanceTo, aPrice, aSubscription, aWorld, eventTypes, idOf, refusalOf } from './support.ts'

/** A subscription of 15.00 that changes to 5.00 when its period ends. */
async function aDowngrade() {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const { id, items } = await aSubscription(stripe)
  const cheap = await aPrice(stripe, { unit_amount: 500 })
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id })
  const [present] = schedule.phases
  await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release',
    phases: [
      {
        items: [{ price: items.data[0]!.price.id, quantity: 1 }],
        start_date: present!.start_date,
        end_date: present!.end_date,
      },
      {
        items: [{ price: cheap.id, quantity: 1 }],
        duration: { interval: 'month', interval_count: 1 },
        metadata: { plan: 'basic' },
      },
    ],
  })
  return { world, stripe, id, schedule: schedule.id, cheap: cheap.id }
}

test('a downgrade takes effect with the next period, is billed for it, and lets the subscription go', async () => {
  const { world, stripe, id, schedule, cheap } = await aDowngrade()
  await advanceTo(world, '2026-05-01T01:00:00Z')
  const lower = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice', 'schedule'] })
  expect(lower.items.data[0]?.price.id).toBe(cheap)
  expect(lower).toMatchObject({
    metadata: { plan: 'basic' },
    latest_invoice: { total: 500, status: 'paid' },
    schedule: { status: 'active', current_phase: { end_date: Date.parse('2026-06-01') / 1000 } },
  })
  await advanceTo(world, '2026-06-01T01:00:00Z')
  expect(await stripe.subscriptionSchedules.retrieve(schedule)).toMatchObject({
    status: 'released',
    released_subscription: id,
  })
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
    schedule: null,
    status: 'active',
  })
  expect(await eventTypes(stripe, { types: ['subscription_schedule.released'] })).toHaveLength(1)
})

test('while a schedule is attached the subscription is not changed behind its back', async () => {
  const { stripe, id, schedule } = await aDowngrade()
  const direct = stripe.subscriptions.update(id, { cancel_at_period_end: true })
  expect((await refusalOf(direct)).message).toContain(`managed by the subscription schedule`)
  expect((await refusalOf(stripe.subscriptions.pause(id))).statusCode).toBe(400)
  const second = stripe.subscriptionSchedules.create({ from_subscription: id })
  expect((await refusalOf(second)).statusCode).toBe(400)
  await stripe.subscriptionSchedules.release(schedule)
  const pending = await stripe.subscriptions.update(id, { cancel_at_period_end: true })
  expect(pending.cancel_at_period_end).toBe(true)
})

test('canceling a subscription ends its schedule, and canceling the schedule its subscription', async () => {
  const first = await aDowngrade()
  await first.stripe.subscriptions.cancel(first.id)
  expect((await first.stripe.subscriptionSchedules.retrieve(first.schedule)).status).toBe(
    'canceled',
  )
  const second = await aDowngrade()
  await second.stripe.subscriptionSchedules.cancel(second.schedule)
  expect((await second.stripe.subscriptions.retrieve(second.id)).status).toBe('canceled')
})

test('a paused subscription makes no invoices, credits unused time, and restarts when resumed', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const { id } = await aSubscription(stripe)
  await advanceTo(world, '2026-04-16T00:00:00Z')
  expect(await stripe.subscriptions.pause(id)).toMatchObject({
    status: 'paused',
    status_details: { paused: { subscription: { type: 'pause_requested' } } },
  })
  await advanceTo(world, '2026-06-10T00:00:00Z')
  expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1)
  const resumed = await stripe.subscriptions.resume(id)
  expect(resumed.status).toBe('active')
  expect(resumed.status_details).toBeUndefined()
  expect(resumed.items.data[0]?.current_period_end).toBe(Date.parse('2026-07-10') / 1000)
  const invoice = await stripe.invoices.retrieve(idOf(resumed.latest_invoice))
  expect(invoice).toMatchObject({ status: 'paid', total: 750 })
  expect(await eventTypes(stripe)).toContain('customer.subscription.resumed')
})

test('resumed only on payment it stays paused until the money is there', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const { id, customer } = await aSubscription(stripe)
  await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: 'none' } } })
  const failing = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
    customer: idOf(customer),
  })
  await stripe.subscriptions.update(id, { default_payment_method: failing.id })
  const waiting = await stripe.subscriptions.resume(id, {
    payment_behavior: 'resume_on_payment_success',
  })
  expect(waiting.status).toBe('paused')
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: idOf(customer) })
  await stripe.invoices.pay(idOf(waiting.latest_invoice), { payment_method: good.id })
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
})

test('paused collection keeps the periods going and their invoices as drafts until it resumes by itself', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const { id } = await aSubscription(stripe)
  await stripe.subscriptions.update(id, {
    pause_collection: { behavior: 'keep_as_draft', resumes_at: Date.parse('2026-05-10') / 1000 },
  })
  await advanceTo(world, '2026-05-02T00:00:00Z')
  expect((await stripe.invoices.list({ subscription: id })).data[0]?.status).toBe('draft')
  await advanceTo(world, '2026-06-01T01:00:00Z')
  expect((await stripe.subscriptions.retrieve(id)).pause_collection).toBeNull()
  expect((await stripe.invoices.list({ subscription: id })).data[0]?.status).toBe('paid')
})

test.each([
  ['void', 'void'],
  ['mark_uncollectible', 'uncollectible'],
] as const)(
  'paused collection with the behavior %s leaves each renewal %s and the subscription active',
  async (behavior, status) => {
    const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
    const { stripe } = world
    const { id } = await aSubscription(stripe)
    await stripe.subscriptions.update(id, { pause_collection: { behavior } })
    await advanceTo(world, '2026-05-01T02:00:00Z')
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' })
    const [renewal] = (await stripe.invoices.list({ subscription: id })).data
    expect(renewal).toMatchObject({ status, amount_paid: 0, billing_reason: 'subscription_cycle' })
  },
)
