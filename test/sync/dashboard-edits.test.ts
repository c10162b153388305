import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  dashboardCustomer,
  dashboardPrice,
  findingsOf,
  priceOf,
  turn,
  undo,
} from '../support/dashboard.ts'
import { newUser, subscribe, type Customer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { daysAfter } from '../support/days.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let addOn: string
beforeAll(async () => {
  world = await createWorld()
  addOn = await dashboardPrice(world)
})
afterAll(() => world.close())

const current = async (user: string) =>
  (await world.call('GET', '/subscriptions/current', { user })).body
const withAddOn = async (who: Customer, quantity = 1) => {
  const { id } = await who.stripe()
  await world.stripe.subscriptions.update(id, {
    items: [{ price: addOn, quantity }],
    proration_behavior: 'none',
  })
  await world.settled()
}
const pricesOf = ({ items }: Stripe.Subscription) =>
  items.data.map(({ price, quantity }) => [price.id, quantity])
/** Renews the subscription by time. */
async function renew(who: Customer) {
  const { period } = await who.read()
  await world.advanceTo(daysAfter(period.end, 1))
  await until('it renewed', async () => (await who.read()).period.start === period.end)
}

describe('items of the dashboard beside the plan', () => {
  test('continue after a downgrade at the end of the period', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    await withAddOn(who, 3)
    await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    await renew(who)
    expect(await who.read()).toMatchObject({ plan: { slug: 'plan_pro_monthly' }, quantity: 1 })
    const pro = await priceOf(world, 'plan_pro_monthly')
    expect(pricesOf(await who.stripe())).toEqual([
      [pro, 1],
      [addOn, 3],
    ])
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 2_000 + 3 * 700 })
  })

  test('in any order: the plan is the item with a plan’s price, in the import and in a change', async () => {
    const user = newUser()
    const customer = await dashboardCustomer(world, { perennial_user_id: user })
    const pro = await priceOf(world, 'plan_pro_monthly')
    const { id: stripeId } = await world.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: addOn, quantity: 7 }, { price: pro }],
    })
    await world.settled()
    const found = await current(user)
    expect(found).toMatchObject({ plan: { slug: 'plan_pro_monthly' }, quantity: 1 })
    const change = { plan_id: 'plan_enterprise', when: 'now' }
    const preview = await world.call('POST', `/subscriptions/${found.id}/plan/preview`, {
      user,
      body: change,
    })
    expect(preview.body.amount_due.amount_minor).toBeLessThanOrEqual(48_000)
    const changed = await world.call('PUT', `/subscriptions/${found.id}/plan`, {
      user,
      body: change,
    })
    expect(changed.body).toMatchObject({ plan: { slug: 'plan_enterprise' }, quantity: 1 })
    expect(pricesOf(await world.stripe.subscriptions.retrieve(stripeId))).toEqual([
      [addOn, 7],
      [await priceOf(world, 'plan_enterprise'), 1],
    ])
    const { rows } = await world.database.pool.query(
      'select drift from subscriptions where id = $1',
      [found.id],
    )
    expect(rows).toEqual([{ drift: null }])
  })
})

describe('while it is not clear which item is the plan', () => {
  test('changes are refused with a code, and cancellation and sync work', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { id } = await who.stripe()
    await world.stripe.subscriptions.update(id, {
      items: [{ price: await priceOf(world, 'plan_enterprise') }],
      proration_behavior: 'none',
    })
    await world.settled()
    for (const when of ['now', 'period_end'])
      expect(
        await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', quantity: 2, when }),
      ).toMatchObject({ status: 409, body: { code: 'plan_unclear' } })
    const change = { plan_id: 'plan_enterprise', quantity: 2 }
    expect((await who.ask('POST', '/plan/preview', change)).body).toMatchObject({
      code: 'plan_unclear',
    })
    expect((await who.ask('POST', '/sync', {}, { operator: true })).status).toBe(200)
    expect(await findingsOf(world, id)).toEqual(['plan_unclear'])
    expect((await who.ask('PUT', '/cancellation', { when: 'now' })).status).toBe(200)
  })

  test('an item beside the plan is a finding that the comparison leaves to an operator', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await withAddOn(who, 3)
    expect(await findingsOf(world, (await who.stripe()).id)).toEqual(['foreign_item'])
  })
})

test('a discount and tax rates continue after a downgrade at the end of the period', async () => {
  const who = await subscribe(world, 'plan_enterprise')
  const { id } = await who.stripe()
  const coupon = await world.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
  const vat = await world.stripe.taxRates.create({
    display_name: 'VAT',
    inclusive: false,
    percentage: 20,
  })
  await world.stripe.subscriptions.update(id, {
    discounts: [{ coupon: coupon.id }],
    default_tax_rates: [vat.id],
    description: 'as agreed',
    metadata: { contract: '4711' },
  })
  await world.settled()
  const { discounts } = await who.stripe()
  await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
  expect((await who.stripe()).discounts).toEqual(discounts)
  await renew(who)
  expect(await who.stripe()).toMatchObject({
    discounts,
    default_tax_rates: [{ id: vat.id }],
    description: 'as agreed',
    metadata: { contract: '4711' },
  })
  expect((await who.stripeInvoices())[0]).toMatchObject({ total: 1_200 })
})

test.each([
  ['canceled', (who: Customer) => who.ask('PUT', '/cancellation', { when: 'period_end' })],
  ['paused', (who: Customer) => who.ask('PUT', '/pause', {})],
])('after a declined upgrade was withdrawn, the subscription can be %s', async (_what, command) => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await who.cards('declines')
  const waiting = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
  expect(waiting.body).toMatchObject({ pending_change: { kind: 'awaiting_payment' } })
  await world.stripe.invoices.voidInvoice((await who.stripeInvoices())[0]!.id)
  await world.settled()
  const reply = await command(who)
  expect(reply.status).toBe(200)
})

test('an upgrade that waits for its payment over a renewal is withdrawn by a cancellation, and the renewal stays', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  const { period } = await who.read()
  await world.advanceTo(daysAfter(period.end, -1 / 24))
  await who.cards('declines')
  await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
  const [upgrade] = await who.stripeInvoices()
  await world.advanceTo(daysAfter(period.end, 0.5 / 24))
  await until('it renewed', async () => (await who.read()).period.start === period.end)
  expect((await who.ask('PUT', '/cancellation', { when: 'period_end' })).status).toBe(200)
  const [renewal] = await who.stripeInvoices()
  expect(renewal).toMatchObject({ status: 'draft', billing_reason: 'subscription_cycle' })
  expect(await world.stripe.invoices.retrieve(upgrade!.id)).toMatchObject({ status: 'void' })
  expect(await who.read()).toMatchObject({ pending_change: null })
})

test('a quantity or a discount that differs at Stripe is found by the comparison and repaired', async () => {
  const [more, cheaper] = [
    await subscribe(world, 'plan_pro_monthly'),
    await subscribe(world, 'plan_pro_monthly'),
  ]
  await turn(world, 'deliveries', { action: 'drop', count: 1_000_000 })
  const held = await more.stripe()
  await world.stripe.subscriptions.update(held.id, {
    items: [{ id: held.items.data[0]!.id, quantity: 4 }],
  })
  const coupon = await world.stripe.coupons.create({ percent_off: 10, duration: 'forever' })
  await world.stripe.subscriptions.update((await cheaper.stripe()).id, {
    discounts: [{ coupon: coupon.id }],
  })
  await undo(world)
  const { reconciliations } = world.container
  const run = { cause: 'test', scope: 'all', dryRun: false, repairsMax: 100 } as const
  // Items of the other tests are findings that wait for an operator.
  expect((await reconciliations.result(await reconciliations.start(run))).repaired).toBe(2)
  await world.settled()
  expect(await more.read()).toMatchObject({ quantity: 4 })
  expect(await cheaper.read()).toMatchObject({ discount: { coupon: coupon.id } })
})
