import { expect, test } from 'vitest'
import type Stripe from 'stripe'
import { advanceTo, aPrice, aSubscription, aWorld, idOf, refusalOf } from './support.ts'

/** A discounted, taxed subscription with a schedule; `next` completes the phase that follows the present one. */
async function aScheduled(
  next: (
    subscription: Stripe.Subscription,
  ) => Partial<Stripe.SubscriptionScheduleUpdateParams.Phase>,
) {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  await stripe.coupons.create({ id: 'half', percent_off: 50, duration: 'forever' })
  const vat = await stripe.taxRates.create({
    display_name: 'VAT',
    inclusive: false,
    percentage: 20,
  })
  const subscription = await aSubscription(stripe, {
    discounts: [{ coupon: 'half' }],
    default_tax_rates: [vat.id],
    description: 'by hand',
    metadata: { campaign: 'spring' },
  })
  const [item] = subscription.items.data
  const schedule = await stripe.subscriptionSchedules.create({
    from_subscription: subscription.id,
  })
  const [phase] = schedule.phases
  const discounts = subscription.discounts.map((each) => ({ discount: idOf(each) }))
  await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release',
    proration_behavior: 'none',
    phases: [
      {
        items: [{ price: item!.price.id, quantity: 1 }],
        start_date: phase!.start_date,
        end_date: phase!.end_date,
        discounts,
        default_tax_rates: [vat.id],
      },
      { items: [{ price: item!.price.id, quantity: 2 }], ...next(subscription) },
    ],
  })
  const read = () => stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
  return { world, stripe, subscription, schedule, vat: vat.id, discounts, read }
}

test('a phase without discounts and tax rates drops those of the subscription', async () => {
  const { world, read } = await aScheduled(() => ({}))
  expect(await read()).toMatchObject({ latest_invoice: { subtotal: 1_500, total: 900 } })
  await advanceTo(world, '2026-05-01T01:00:00Z')
  expect(await read()).toMatchObject({
    discounts: [],
    default_tax_rates: [],
    description: 'by hand',
    metadata: { campaign: 'spring' },
    latest_invoice: { total: 3_000, total_taxes: [] },
  })
})

test('a phase that repeats a discount continues with the same one, and its tax rates', async () => {
  const { world, read, subscription } = await aScheduled(
    ({ discounts, default_tax_rates: rates }) => ({
      discounts: discounts.map((each) => ({ discount: idOf(each) })),
      default_tax_rates: (rates ?? []).map(({ id }) => id),
    }),
  )
  await advanceTo(world, '2026-05-01T01:00:00Z')
  expect(await read()).toMatchObject({
    discounts: subscription.discounts,
    default_tax_rates: [{ percentage: 20 }],
    latest_invoice: {
      subtotal: 3_000,
      total: 1_800,
      total_taxes: [{ amount: 300, taxable_amount: 1_500, tax_behavior: 'exclusive' }],
    },
  })
})

test('an edit of the present phase changes the subscription at once', async () => {
  const { stripe, read, schedule } = await aScheduled(() => ({}))
  const { phases } = await stripe.subscriptionSchedules.retrieve(schedule.id)
  const [present] = phases
  await stripe.subscriptionSchedules.update(schedule.id, {
    phases: [
      {
        items: [{ price: idOf(present!.items[0]!.price), quantity: 1 }],
        start_date: present!.start_date,
        end_date: present!.end_date,
      },
    ],
  })
  expect((await read()).discounts).toEqual([])
})

test('a phase keeps the items whose price stays, in whatever order, and refuses an archived price', async () => {
  const { world, stripe, schedule, subscription } = await aScheduled(() => ({}))
  const addOn = await aPrice(stripe, { unit_amount: 500 })
  const gone = await aPrice(stripe, { unit_amount: 700, active: false })
  const [item] = subscription.items.data
  const { current_phase: now } = await stripe.subscriptionSchedules.retrieve(schedule.id)
  const present = {
    items: [{ price: item!.price.id, quantity: 1 }],
    start_date: now!.start_date,
    end_date: now!.end_date,
  }
  const withItems = (prices: readonly string[]) =>
    stripe.subscriptionSchedules.update(schedule.id, {
      phases: [present, { items: prices.map((price) => ({ price })) }],
    })
  expect((await refusalOf(withItems([gone.id]))).message).toContain('only accepts active prices')
  await withItems([addOn.id, item!.price.id])
  await advanceTo(world, '2026-05-01T01:00:00Z')
  const { items } = await stripe.subscriptions.retrieve(subscription.id)
  expect(items.data.find(({ price }) => price.id === item!.price.id)?.id).toBe(item!.id)
  expect(items.data.map(({ price }) => price.id).toSorted()).toEqual(
    [addOn.id, item!.price.id].toSorted(),
  )
})
