import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { advanceTo, aCustomer, aWorld, refusalOf, type World } from './support.ts'

const START = '2026-04-01T00:00:00Z'
const RENEWED = '2026-05-01T01:00:01Z'

type Amounts = Omit<Stripe.PriceCreateParams, 'currency' | 'product' | 'recurring'>

/** A customer whose subscription has one metered price. */
async function aMeteredSubscription(amounts: Amounts) {
  const world = await aWorld({ startsAt: START })
  const { stripe } = world
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  })
  const recurring = { interval: 'month', usage_type: 'metered', meter: meter.id } as const
  const priced = (of: Amounts) =>
    stripe.prices.create({ currency: 'usd', product_data: { name: 'Calls' }, recurring, ...of })
  const price = await priced(amounts)
  const customer = await aCustomer(stripe)
  const { id, items } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  const use = (value: number, more: { identifier?: string; timestamp?: number } = {}) =>
    stripe.billing.meterEvents.create({
      event_name: 'calls',
      payload: { stripe_customer_id: customer.id, value: String(value) },
      ...more,
    })
  return { world, stripe, id, item: items.data[0]!.id, price, priced, use, customer }
}

const linesOf = async ({ stripe }: World, subscription: string, nth = 0) => {
  const { data } = await stripe.invoices.list({ subscription })
  return (data[nth]?.lines.data ?? []).map(({ amount, quantity }) => [quantity, amount])
}

const tiers: Stripe.PriceCreateParams.Tier[] = [
  { up_to: 100, unit_amount: 5 },
  { up_to: 1_000, unit_amount_decimal: Stripe.Decimal.from('2.5'), flat_amount: 300 },
  { up_to: 'inf', unit_amount_decimal: Stripe.Decimal.from('0.000000000001') },
]
const graduated = { billing_scheme: 'tiered', tiers_mode: 'graduated', tiers } as const

describe('metered usage', () => {
  test.each([
    [
      'per unit, rounded half up once',
      { unit_amount_decimal: Stripe.Decimal.from('0.05') },
      30,
      [[30, 2]],
    ],
    ['below the half', { unit_amount_decimal: Stripe.Decimal.from('0.05') }, 29, [[29, 1]]],
    [
      'in packages begun',
      { unit_amount: 100, transform_quantity: { divide_by: 10, round: 'up' } },
      21,
      [[3, 300]],
    ],
    [
      'in whole packages',
      { unit_amount: 100, transform_quantity: { divide_by: 10, round: 'down' } },
      29,
      [[2, 200]],
    ],
    ['in the first tier', graduated, 100, [[100, 500]]],
    [
      'in graduated tiers, each a line',
      graduated,
      1_001,
      [
        [100, 500],
        [900, 2_250],
        [1, 300],
        [1, 0],
      ],
    ],
    [
      'at the volume’s tier',
      { ...graduated, tiers_mode: 'volume' },
      101,
      [
        [101, 253],
        [1, 300],
      ],
    ],
    [
      'without any, at the first tier’s flat fee',
      {
        ...graduated,
        tiers: [
          { up_to: 5, flat_amount: 700 },
          { up_to: 'inf', unit_amount: 1 },
        ],
      },
      0,
      [
        [0, 0],
        [1, 700],
      ],
    ],
  ] satisfies [string, Amounts, number, number[][]][])(
    'is charged %s',
    async (_name, amounts, usage, lines) => {
      const it = await aMeteredSubscription(amounts)
      if (usage > 0) await it.use(usage)
      await advanceTo(it.world, RENEWED)
      expect(await linesOf(it.world, it.id)).toEqual(lines)
    },
  )

  test('is counted until the renewal is finalized, by the instant of each event', async () => {
    const it = await aMeteredSubscription({ unit_amount: 1 })
    const end = Date.parse('2026-05-01T00:00:00Z') / 1000
    await advanceTo(it.world, '2026-05-01T00:30:00Z')
    await it.use(7, { timestamp: end - 1 })
    await it.use(100, { timestamp: end })
    await advanceTo(it.world, RENEWED)
    await it.use(50, { timestamp: end - 1 })
    expect(await linesOf(it.world, it.id)).toEqual([[7, 7]])
  })

  test('of a replaced price is charged at that price, until the change', async () => {
    const it = await aMeteredSubscription({ unit_amount: 3 })
    const next = await it.priced({ unit_amount: 10 })
    await advanceTo(it.world, '2026-04-16T00:00:00Z')
    await it.use(5, { timestamp: Date.parse('2026-04-15T23:59:59Z') / 1000 })
    await it.stripe.subscriptions.update(it.id, {
      items: [{ id: it.item, deleted: true }, { price: next.id }],
      proration_behavior: 'always_invoice',
    })
    expect(await linesOf(it.world, it.id)).toEqual([[5, 15]])
    await it.use(2)
    await advanceTo(it.world, RENEWED)
    expect(await linesOf(it.world, it.id)).toEqual([[2, 20]])
  })

  test('is charged when a subscription ends now, if it is invoiced then', async () => {
    const it = await aMeteredSubscription({ unit_amount: 3 })
    await advanceTo(it.world, '2026-04-16T00:00:00Z')
    await it.use(5, { timestamp: Date.parse('2026-04-15T23:59:59Z') / 1000 })
    await it.stripe.subscriptions.cancel(it.id, { invoice_now: true })
    expect(await linesOf(it.world, it.id)).toEqual([[5, 15]])
  })

  test('refuses an event that is older than 35 days or more than five minutes ahead', async () => {
    const it = await aMeteredSubscription({ unit_amount: 3 })
    const now = Date.parse(START) / 1000
    await it.use(1, { timestamp: now + 300 })
    await it.use(1, { timestamp: now - 35 * 86_400 })
    for (const timestamp of [now + 301, now - 35 * 86_400 - 1])
      expect((await refusalOf(it.use(1, { timestamp }))).statusCode).toBe(400)
  })

  test('counts an identifier once in 24 hours, and again afterwards', async () => {
    const it = await aMeteredSubscription({ unit_amount: 1 })
    await it.use(1, { identifier: 'a' })
    await it.use(1, { identifier: 'a' })
    await advanceTo(it.world, '2026-04-02T00:00:01Z')
    await it.use(1, { identifier: 'a' })
    await advanceTo(it.world, RENEWED)
    expect(await linesOf(it.world, it.id)).toEqual([[2, 2]])
  })
})

test('tiers are part of a price only on request', async () => {
  const it = await aMeteredSubscription(graduated)
  expect(it.price).not.toHaveProperty('tiers')
  const read = await it.stripe.prices.retrieve(it.price.id, { expand: ['tiers'] })
  expect(read.tiers?.map(({ up_to: upTo }) => upTo)).toEqual([100, 1_000, null])
  expect(read).toMatchObject({ tiers_mode: 'graduated', unit_amount: null })
})

test.each([
  ['no open tier', [{ up_to: 5, unit_amount: 1 }]],
  [
    'tiers out of order',
    [
      { up_to: 5, unit_amount: 1 },
      { up_to: 5, unit_amount: 1 },
      { up_to: 'inf', unit_amount: 1 },
    ],
  ],
  ['a tier without an amount', [{ up_to: 'inf' }]],
] satisfies [string, Stripe.PriceCreateParams.Tier[]][])(
  'refuses a price with %s',
  async (_name, wrong) => {
    const { stripe } = await aWorld()
    const price = stripe.prices.create({
      currency: 'usd',
      product_data: { name: 'Calls' },
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: wrong,
      recurring: { interval: 'month' },
    })
    expect((await refusalOf(price)).param).toMatch(/^tiers\[/)
  },
)
