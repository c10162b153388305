import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import {
  advanceTo,
  aCustomer,
  aPrice,
  aSession,
  aSubscription,
  aWorld,
  idOf,
  payByScript,
  payInBrowser,
  refusalOf,
} from './support.ts'

test('a coupon for three months reduces three invoices and no fourth', async () => {
  const world = await aWorld({ startsAt: '2026-01-31T00:00:00Z' })
  const { stripe } = world
  await stripe.coupons.create({
    id: 'welcome',
    percent_off: 20,
    duration: 'repeating',
    duration_in_months: 3,
  })
  const { id } = await aSubscription(stripe, { discounts: [{ coupon: 'welcome' }] })
  await advanceTo(world, '2026-05-01T00:00:00Z')
  const { data } = await stripe.invoices.list({ subscription: id })
  expect(data.toReversed().map(({ total }) => total)).toEqual([1_200, 1_200, 1_200, 1_500])
  expect(data.at(-1)).toMatchObject({ subtotal: 1_500, total_discount_amounts: [{ amount: 300 }] })
  const expanded = await stripe.subscriptions.retrieve(id, {
    expand: ['discounts.source.coupon'],
  })
  expect(expanded.discounts[0]).toMatchObject({ source: { coupon: { percent_off: 20 } } })
})

test('a coupon that counts once skips the free trial and is used by the first real invoice', async () => {
  const world = await aWorld({ startsAt: '2026-01-01T00:00:00Z' })
  const { stripe } = world
  await stripe.coupons.create({ id: 'once', amount_off: 600, currency: 'usd', duration: 'once' })
  const { id } = await aSubscription(stripe, {
    trial_period_days: 7,
    discounts: [{ coupon: 'once' }],
  })
  await advanceTo(world, '2026-03-01T00:00:00Z')
  const { data } = await stripe.invoices.list({ subscription: id })
  expect(data.toReversed().map(({ total }) => total)).toEqual([0, 900, 1_500])
})

test('a promotion code entered on the page lowers what is due, and is used up after its last use', async () => {
  const { stripe, simulator } = await aWorld()
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
  await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
    code: 'HALF',
    max_redemptions: 1,
  })
  const session = await aSession(stripe, { allow_promotion_codes: true })
  const wrong = await payInBrowser(simulator.url, `${session.id}/code`, { code: 'nope' })
  expect(wrong.status).toBe(400)
  await payInBrowser(simulator.url, `${session.id}/code`, { code: 'half' })
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ amount_total: 750 })
  await payByScript(simulator.url, session.id)
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] })
  expect(paid.invoice).toMatchObject({ amount_paid: 750 })
  const second = await aSession(stripe, { allow_promotion_codes: true })
  const usedUp = await payInBrowser(simulator.url, `${second.id}/code`, { code: 'HALF' })
  expect(usedUp.status).toBe(400)
})

test('the credit of a discounted plan is what was paid for it', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  await stripe.coupons.create({ id: 'half', percent_off: 50, duration: 'forever' })
  const { id, items } = await aSubscription(stripe, { discounts: [{ coupon: 'half' }] })
  await advanceTo(world, '2026-04-16T00:00:00Z')
  const changed = await stripe.subscriptions.update(id, {
    items: [{ id: items.data[0]!.id, quantity: 2 }],
    proration_behavior: 'always_invoice',
  })
  const invoice = await stripe.invoices.retrieve(idOf(changed.latest_invoice))
  expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([-375, 1_500])
  expect(invoice.total).toBe(-375 + 750)
})

test('a coupon that is unknown, or both kinds of price cut at once, is refused', async () => {
  const { stripe } = await aWorld()
  const unknown = aSubscription(stripe, { discounts: [{ coupon: 'none' }] })
  expect(await refusalOf(unknown)).toMatchObject({ param: 'discounts[0][coupon]' })
  const both = stripe.coupons.create({ percent_off: 10, amount_off: 5, currency: 'usd' })
  expect((await refusalOf(both)).statusCode).toBe(400)
})

test('a credit note gives part back to the card and part as credit, and no more than was paid', async () => {
  const { stripe } = await aWorld()
  const { id, customer } = await aSubscription(stripe)
  const [invoice] = (await stripe.invoices.list({ subscription: id })).data
  const note = await stripe.creditNotes.create({
    invoice: invoice!.id,
    amount: 1_000,
    refund_amount: 600,
    credit_amount: 400,
  })
  expect(note).toMatchObject({ status: 'issued', refunds: [{ amount_refunded: 600 }] })
  expect(await stripe.customers.retrieve(idOf(customer))).toMatchObject({ balance: -400 })
  const [charge] = (await stripe.charges.list()).data
  expect(charge?.amount_refunded).toBe(600)
  const more = stripe.creditNotes.create({ invoice: invoice!.id, amount: 501 })
  expect(await refusalOf(more)).toMatchObject({ param: 'amount' })
})

test('a promotion code asks for a first purchase, a minimum amount, its customer and its time', async () => {
  const world = await aWorld({ startsAt: '2026-04-01T00:00:00Z' })
  const { stripe } = world
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
  const { customer } = await aSubscription(stripe)
  const codeOf = (given: Partial<Stripe.PromotionCodeCreateParams>) =>
    stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, ...given })
  const tryIt = async (
    given: Partial<Stripe.PromotionCodeCreateParams>,
    buyer = idOf(customer),
  ) => {
    const { id } = await codeOf(given)
    const discounts = [{ promotion_code: id }]
    return refusalOf(aSession(stripe, { customer: buyer, discounts })).catch(() => 'accepted')
  }
  const other = await stripe.customers.create()
  const first = { restrictions: { first_time_transaction: true } }
  expect(await tryIt(first)).toMatchObject({ message: expect.stringContaining('first-time') })
  expect(await tryIt(first, other.id)).toBe('accepted')
  const minimum = (amount: number) => ({
    restrictions: { minimum_amount: amount, minimum_amount_currency: 'usd' },
  })
  expect(await tryIt(minimum(1_501))).toMatchObject({
    message: expect.stringContaining('minimum amount'),
  })
  expect(await tryIt(minimum(1_500))).toBe('accepted')
  expect(await tryIt({ customer: idOf(customer) }, other.id)).toMatchObject({
    message: expect.stringContaining('another customer'),
  })
  const short = await codeOf({ expires_at: Date.parse('2026-04-02') / 1000 })
  await advanceTo(world, '2026-04-03T00:00:00Z')
  const late = aSession(stripe, { discounts: [{ promotion_code: short.id }] })
  expect((await refusalOf(late)).message).toContain('not active')
})

test('a coupon for one product takes nothing off another', async () => {
  const { stripe } = await aWorld()
  const [one, other] = [await aPrice(stripe), await aPrice(stripe, { unit_amount: 400 })]
  await stripe.coupons.create({
    id: 'half-of-one',
    percent_off: 50,
    duration: 'forever',
    applies_to: { products: [idOf(one.product)] },
  })
  const customer = await aCustomer(stripe)
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: one.id }, { price: other.id }],
    discounts: [{ coupon: 'half-of-one' }],
    expand: ['latest_invoice'],
  })
  expect(subscription.latest_invoice).toMatchObject({ subtotal: 1_900, total: 1_150 })
})
