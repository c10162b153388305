import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newUser } from '../support/customer.ts'
import {
  dashboardCustomer,
  dashboardSubscription,
  findingsOf,
  priceOf,
  turn,
  undo,
} from '../support/dashboard.ts'
import { askOperator } from '../support/migrations.ts'
import { sell } from '../support/plans.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

const LIMIT = 10
/** Sold with a usage price, and with an operator's own metered price at Stripe. */
const PLANS = { priced: 'plan_priced', ownMeter: 'plan_own_meter' } as const

let world: World
let meter: Stripe.Billing.Meter
beforeAll(async () => {
  world = await createWorld()
  await askOperator(world, 'PUT', `/plans/${PLANS.priced}`, { name: 'Priced', rank: 15 })
  const path = `/plans/${PLANS.priced}/versions`
  await askOperator(world, 'POST', path, {
    period: 'monthly',
    price: { amount_minor: 1_000, currency: 'usd' },
    features: [{ code: 'ai_minutes', quota_limit: LIMIT, overage: 'bill' }],
    usage_prices: [{ feature: 'ai_minutes', model: 'per_unit', unit_amount_decimal: '7' }],
  })
  await askOperator(world, 'PUT', `${path}/1/publication`, {})
  await sell(world, { slug: PLANS.ownMeter, priceMinor: 1_000, overage: 'bill' })
  meter = await world.stripe.billing.meters.create({
    display_name: 'Messages',
    event_name: 'messages_sent',
    default_aggregation: { formula: 'sum' },
  })
  await meteredPrice(3)
})
afterAll(() => world.close())

async function meteredPrice(unit_amount: number): Promise<string> {
  const product = await world.stripe.products.create({ name: 'Messages' })
  const recurring = { usage_type: 'metered', meter: meter.id, interval: 'month' } as const
  const terms = { currency: 'usd', unit_amount, product: product.id, recurring }
  return (await world.stripe.prices.create(terms)).id
}

/** A subscription of a new user that was made in the dashboard. */
async function made(plan: string) {
  const user = newUser()
  const customer = await dashboardCustomer(world, { perennial_user_id: user })
  const price = await priceOf(world, plan)
  const { id } = await dashboardSubscription(world, { customer: customer.id, price })
  await world.settled()
  const call = (method: string, path: string, body?: object) =>
    world.call(method, path, { user, ...(body && { body }) })
  return {
    id,
    user,
    call,
    read: async () => (await call('GET', '/subscriptions/current')).body,
    metered: async () =>
      (await world.stripe.subscriptions.retrieve(id)).items.data.filter(
        ({ price: { recurring } }) => recurring?.usage_type === 'metered',
      ),
  }
}
type Made = Awaited<ReturnType<typeof made>>

const repair = async () => {
  const { reconciliations } = world.container
  const run = { cause: 'test', scope: 'all', dryRun: false, repairsMax: 100 } as const
  await reconciliations.result(await reconciliations.start(run))
  await world.settled()
}
const removeMetered = async (it: Made) => {
  const [item] = await it.metered()
  await world.stripe.subscriptions.update(it.id, {
    items: [{ id: item!.id, deleted: true }],
    proration_behavior: 'none',
  })
  await world.settled()
}

describe('a subscription that was made in the dashboard', () => {
  test.each([
    [PLANS.priced, 'ai_minutes', 7],
    [PLANS.ownMeter, 'messages_sent', 3],
  ])(
    'gets the metered item of %s when it is imported, and its usage is on the invoice',
    async (plan, feature, cents) => {
      const it = await made(plan)
      const { period } = await it.read()
      expect(await it.metered()).toHaveLength(1)
      const limit = plan === PLANS.priced ? LIMIT : 100
      await it.call('POST', '/usage/consume', { feature, amount: limit + 5 })
      await world.container.reportOverage(world.clock.now())
      await world.advanceTo(new Date(Date.parse(period.end) + 2 * 3_600_000))
      await until('it renewed', async () => (await it.read()).period.start === period.end)
      const { data } = await world.stripe.invoices.list({ subscription: it.id })
      expect(data[0]).toMatchObject({
        billing_reason: 'subscription_cycle',
        total: 1_000 + 5 * cents,
      })
      expect(await findingsOf(world, it.id)).toEqual([])
    },
  )

  test('gets it once, although Stripe’s answer is lost and the import is repeated', async () => {
    await turn(world, 'faults', {
      kind: 'commit_then_reset',
      count: 3,
      method: 'POST',
      path: '/v1/subscriptions/',
    })
    const it = await made(PLANS.priced)
    await until('it is imported', async () => (await it.read()).status === 'active')
    await undo(world)
    await repair()
    expect(await it.metered()).toHaveLength(1)
  })
})

describe('a metered item that somebody removed at Stripe', () => {
  test.each([PLANS.priced, PLANS.ownMeter])('is found and added again: %s', async (plan) => {
    const it = await made(plan)
    await removeMetered(it)
    expect(await findingsOf(world, it.id)).toEqual(['usage_item_missing'])
    expect(await it.metered()).toEqual([])
    await repair()
    expect(await it.metered()).toHaveLength(1)
    expect(await findingsOf(world, it.id)).toEqual([])
    // A second time it has other keys.
    await removeMetered(it)
    await repair()
    expect(await it.metered()).toHaveLength(1)
  })

  test('waits while a change is scheduled, and the finding stays until then', async () => {
    const it = await made(PLANS.priced)
    await removeMetered(it)
    const { id } = await it.read()
    const schedule = await world.stripe.subscriptionSchedules.create({ from_subscription: it.id })
    await repair()
    expect(await it.metered()).toEqual([])
    expect(await findingsOf(world, it.id)).toEqual(['usage_item_missing'])
    await world.stripe.subscriptionSchedules.release(schedule.id)
    await world.settled()
    // The operator's “Sync from Stripe” adds it too.
    const synced = await world.call('POST', `/subscriptions/${id}/sync`, {
      user: it.user,
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
    expect(synced.status).toBe(200)
    expect(await it.metered()).toHaveLength(1)
    expect(await findingsOf(world, it.id)).toEqual([])
  })

  test('stays away if another price charges its meter, which is a finding for an operator', async () => {
    const it = await made(PLANS.ownMeter)
    await removeMetered(it)
    const other = await world.stripe.prices.create({
      currency: 'usd',
      unit_amount: 9,
      product_data: { name: 'Other' },
      metadata: { perennial_plan: 'plan_of_nobody' },
      recurring: { usage_type: 'metered', meter: meter.id, interval: 'month' },
    })
    await world.stripe.subscriptions.update(it.id, { items: [{ price: other.id }] })
    await world.settled()
    await repair()
    expect((await it.metered()).map(({ price }) => price.id)).toEqual([other.id])
    expect(await findingsOf(world, it.id)).toEqual(['price_differs'])
  })
})
