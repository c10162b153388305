import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../support/customer.ts'
import { findingsOf } from '../support/dashboard.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const operator = { headers: { authorization: 'Bearer bk_dev_operator' } }
const LIMIT = 100
const tiers = (...tuples: [number | null, string, number][]) =>
  tuples.map(([up_to, unit_amount_decimal, flat_amount_minor]) => ({
    up_to,
    unit_amount_decimal,
    flat_amount_minor,
  }))
const graduated = {
  model: 'graduated',
  tiers: tiers([50, '2.5', 0], [200, '1.25', 300], [null, '0.005', 0]),
}
const perUnit = (unit_amount_decimal: string) => ({ model: 'per_unit', unit_amount_decimal })

/** Publishes a version of a plan with 100 messages, and a price for each further one. */
async function publish(
  slug: string,
  price: object,
  given: { readonly amount?: number; readonly line?: string } = {},
) {
  await world.call('PUT', `/admin/plans/${slug}`, {
    ...operator,
    body: { name: slug, rank: 15, product_line: given.line ?? 'main' },
  })
  const { status, body } = await world.call('POST', `/admin/plans/${slug}/versions`, {
    ...operator,
    body: {
      period: 'monthly',
      price: { amount_minor: given.amount ?? 1_000, currency: 'usd' },
      features: [{ code: 'messages_sent', quota_limit: LIMIT, overage: 'bill' }],
      usage_prices: [{ feature: 'messages_sent', ...price }],
    },
  })
  if (status !== 201 && status !== 200) return { status, body }
  return world.call('PUT', `/admin/plans/${slug}/versions/${body.version}/publication`, {
    ...operator,
    body: {},
  })
}

const estimateOf = async (who: Customer) =>
  (await world.call('GET', '/usage', { user: who.user })).body.estimate
const report = () => world.container.reportOverage(world.clock.now())
const later = (ms: number) => world.advanceTo(new Date(world.clock.now().getTime() + ms))
/** Renews all subscriptions, and finalizes their invoices. */
async function renewed(...all: Customer[]) {
  const ends = await Promise.all(all.map(async (who) => (await who.read()).period.end))
  await world.advanceTo(new Date(Math.max(...ends.map(Date.parse)) + 2 * 3_600_000))
  for (const [index, who] of all.entries())
    await until('it renewed', async () => (await who.read()).period.start === ends[index])
}
const renewalOf = async (who: Customer) =>
  (await who.stripeInvoices()).find(({ billing_reason: reason }) => reason === 'subscription_cycle')
const linesOf = (invoice: Awaited<ReturnType<typeof renewalOf>>) =>
  (invoice?.lines.data ?? [])
    .map(({ quantity, amount }) => [quantity, amount])
    .filter(([, amount]) => amount !== 0)

describe('a usage price of the catalogue', () => {
  beforeAll(async () => {
    await publish('plan_api', graduated)
    await publish('plan_api_big', perUnit('7'), { amount: 3_000 })
  })

  test('is on the subscription after a checkout, and its tiers on the invoice as the estimate says', async () => {
    const who = await subscribe(world, 'plan_api')
    await who.consume(LIMIT + 250)
    const estimate = await estimateOf(who)
    const usage = [
      [50, 125],
      [150, 188],
      [1, 300],
      [50, 0],
    ]
    expect(estimate).toMatchObject({ currency: 'usd', amount_minor: 613 })
    const [{ lines }] = estimate.features
    type Line = { quantity: number; amount_minor: number }
    expect(lines.map((each: Line) => [each.quantity, each.amount_minor])).toEqual(usage)
    await report()
    expect(await estimateOf(who)).toMatchObject({ amount_minor: 613 })
    await renewed(who)
    const renewal = await renewalOf(who)
    expect(linesOf(renewal)).toEqual([...usage.filter(([, amount]) => amount !== 0), [1, 1_000]])
    expect(renewal).toMatchObject({ total: 1_613, status: 'paid' })
    expect(await estimateOf(who)).toMatchObject({ amount_minor: 0 })
  })

  test('costs what the estimate said, for any tiers and any usage', async () => {
    const models = [
      perUnit('0.333333333333'),
      { model: 'package', unit_amount_decimal: '99.5', package_size: 40 },
      { model: 'package', unit_amount_decimal: '100', package_size: 64, round: 'down' },
      { model: 'volume', tiers: tiers([10, '9', 0], [99, '1.05', 40], [null, '0.5', 7]) },
      {
        model: 'graduated',
        tiers: tiers([1, '0.5', 0], [2, '0.5', 1], [null, '0.499999999999', 0]),
      },
    ]
    const customers: Customer[] = []
    for (const [index, model] of models.entries()) {
      await publish(`plan_random_${index}`, model)
      const who = await subscribe(world, `plan_random_${index}`)
      await who.consume(LIMIT + 1 + Math.floor(Math.random() * 300))
      customers.push(who)
    }
    const estimates = await Promise.all(customers.map(estimateOf))
    await report()
    await renewed(...customers)
    const totals = await Promise.all(customers.map(async (who) => (await renewalOf(who))?.total))
    expect(totals).toEqual(estimates.map(({ amount_minor: amount }) => 1_000 + amount))
  })

  test('of a plan that ends now is charged until then, and the next one’s from then on', async () => {
    const who = await subscribe(world, 'plan_api')
    await who.consume(LIMIT + 10)
    await later(5_000)
    await who.ask('PUT', '/plan', { plan_id: 'plan_api_big', when: 'now' }, { operator: true })
    await world.settled()
    const [change] = await who.stripeInvoices()
    expect(linesOf(change)).toContainEqual([10, 25])
    await who.consume(3)
    expect(await estimateOf(who)).toMatchObject({ amount_minor: 21 })
    await report()
    await renewed(who)
    expect(linesOf(await renewalOf(who))).toEqual([
      [3, 21],
      [1, 3_000],
    ])
  })

  test('of a plan that ends with its period is charged on the invoice of the next one', async () => {
    const who = await subscribe(world, 'plan_api_big')
    await who.ask('PUT', '/plan', { plan_id: 'plan_api', when: 'period_end' })
    await who.consume(LIMIT + 4)
    await report()
    await renewed(who)
    expect(await who.read()).toMatchObject({ plan: { slug: 'plan_api' } })
    expect(linesOf(await renewalOf(who))).toEqual([
      [4, 28],
      [1, 1_000],
    ])
  })

  test('is charged when the subscription ends now', async () => {
    const who = await subscribe(world, 'plan_api_big')
    await later(5_000)
    await who.consume(LIMIT + 2)
    await who.ask('PUT', '/cancellation', { when: 'now' })
    await world.settled()
    expect(linesOf((await who.stripeInvoices())[0])).toEqual([[2, 14]])
  })

  test('that reaches Stripe after the invoice is final is a finding with its price', async () => {
    const who = await subscribe(world, 'plan_api_big')
    await who.consume(LIMIT + 5)
    await renewed(who)
    await report()
    expect(linesOf(await renewalOf(who))).toEqual([[1, 3_000]])
    const { rows } = await world.database.pool.query<{ detail: string }>(
      `select detail from drift_findings where kind = 'usage_not_billed' and subscription_id = $1`,
      [who.id],
    )
    expect(rows.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^5 × messages_sent .* costs \$0\.35: charge it by hand$/),
    ])
  })

  test('that the subscription lacks at Stripe is found by the comparison', async () => {
    const who = await subscribe(world, 'plan_api')
    const { id, items } = await who.stripe()
    expect(await findingsOf(world, id)).toEqual([])
    const metered = items.data.find(({ price }) => price.recurring?.usage_type === 'metered')
    await world.stripe.subscriptions.update(id, {
      items: [{ id: metered!.id, deleted: true }],
      proration_behavior: 'none',
    })
    await world.settled()
    expect(await findingsOf(world, id)).toEqual(['usage_item_missing'])
  })

  test('is created at Stripe with its meter, and compared', async () => {
    await world.container.pushCatalogue(world.clock.now())
    const { data } = await world.stripe.prices.list({
      lookup_keys: ['plan_api:v1:monthly:usd:messages_sent'],
      expand: ['data.tiers', 'data.product'],
    })
    expect(data[0]).toMatchObject({
      tiers_mode: 'graduated',
      product: { id: 'perennial_usage_messages_sent', name: 'Messages sent' },
    })
    const meters = await world.stripe.billing.meters.list({ status: 'active' })
    expect(meters.data.map(({ event_name: name }) => name)).toEqual(['messages_sent'])
    const { body } = await world.call('GET', '/admin/catalogue/stripe', operator)
    const own = body.versions.filter((each: { plan: string }) => each.plan.startsWith('plan_api'))
    expect(own).toEqual([
      expect.objectContaining({ drift: null, last_error: null }),
      expect.objectContaining({ drift: null, last_error: null }),
    ])
  })

  test('is shown by the list of plans, and by the version', async () => {
    const { body } = await world.call('GET', '/plans')
    const plan = body.plans.find((each: { slug: string }) => each.slug === 'plan_api')
    const shown = { feature: 'messages_sent', model: 'graduated', tiers: graduated.tiers }
    expect(plan.usage_prices).toEqual([expect.objectContaining(shown)])
    const version = await world.call('GET', '/admin/plans/plan_api/versions/1', operator)
    expect(version.body.usage_prices).toEqual(plan.usage_prices)
  })
})

describe('a usage price that Stripe would not charge, or charge twice, is refused:', () => {
  test('in a free plan', async () => {
    const { status, body } = await publish('plan_free_priced', perUnit('1'), { amount: 0 })
    expect([status, body.errors[0].field]).toEqual([422, 'usage_prices.messages_sent'])
  })

  test('in a second product line, whose meter counts the same customer', async () => {
    const { status, body } = await publish('plan_line', perUnit('1'), { line: 'other' })
    expect([status, body.errors[0].field]).toEqual([422, 'usage_prices.messages_sent'])
  })

  test('for a feature that the plan does not grant, or without an amount', async () => {
    const { status, body } = await world.call('POST', '/admin/plans/plan_api/versions', {
      ...operator,
      body: {
        features: [],
        usage_prices: [{ feature: 'messages_sent', model: 'per_unit' }],
      },
    })
    expect(status).toBe(422)
    expect(body.errors.map((each: { field: string }) => each.field)).toEqual([
      'usage_prices.0.unit_amount_decimal',
      'usage_prices.0.feature',
    ])
  })
})
