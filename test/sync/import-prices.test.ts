import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dashboardCustomer, dashboardPrice, dashboardSubscription } from '../support/dashboard.ts'
import { newUser, subscribe } from '../support/customer.ts'
import { askOperator } from '../support/migrations.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const PRO = 'plan_pro_monthly'
const map = (price: string, plan_id = PRO) =>
  askOperator(world, 'PUT', `/stripe-prices/${price}`, { plan_id })
const versionsOf = async (slug: string) =>
  (await askOperator(world, 'GET', `/plans/${slug}`)).body.versions as {
    version: number
    on_sale: boolean
    custom_for: string | null
  }[]
const findingsOf = async (stripeId: string) =>
  (
    await world.database.pool.query(
      'select kind, state, detail from drift_findings where stripe_id = $1 order by kind',
      [stripeId],
    )
  ).rows
const mrr = async () => {
  const { revenue } = await world.container.repositories.figures.overview(world.clock.now())
  return revenue.find(({ currency }) => currency === 'usd')?.mrrMinor ?? 0
}
const compare = async (dryRun: boolean) => {
  const { reconciliations } = world.container
  await reconciliations.result(
    await reconciliations.start({ cause: 'test', scope: 'all', dryRun, repairsMax: 100 }),
  )
  await world.settled()
}

/** A subscription of a new user that was made in the dashboard, with this price. */
async function payer(price: string) {
  const user = newUser()
  const customer = await dashboardCustomer(world, { perennial_user_id: user })
  const { id: stripeId } = await dashboardSubscription(world, { customer: customer.id, price })
  await world.settled()
  const call = (method: string, path: string, body?: object) =>
    world.call(method, path, { user, ...(body && { body }) })
  const read = async () => (await call('GET', '/subscriptions/current')).body
  return { user, stripeId, call, read }
}

describe('a price of the dashboard that differs from every version of the plan', () => {
  test('gets a version of its own: the price shown is the price paid', async () => {
    const before = await mrr()
    const fifteen = await dashboardPrice(world, { unit_amount: 1_500 })
    const [ada, grace] = [await payer(fifteen), await payer(fifteen)]
    const [first, again] = await Promise.all([map(fifteen), map(fifteen)])
    expect([first, again]).toMatchObject([
      { status: 200, body: { plan: PRO, version: 2 } },
      { status: 200, body: { plan: PRO, version: 2 } },
    ])
    await world.settled()
    const price = { amount_minor: 1_500, currency: 'usd' }
    for (const who of [ada, grace])
      expect(await who.read()).toMatchObject({
        status: 'active',
        plan: { slug: PRO, version: 2, version_on_sale: 1, period: 'monthly', price },
      })
    expect((await mrr()) - before).toBe(3_000)
    const { body } = await world.call('GET', '/plans', { user: newUser() })
    expect(body.plans.filter(({ slug }: { slug: string }) => slug === PRO)).toMatchObject([
      { version: 1, price: { amount_minor: 2_000 } },
    ])
    // The quotas are those of the plan.
    const { body: used } = await ada.call('POST', '/usage/consume', {
      feature: 'messages_sent',
      amount: 1,
    })
    expect(used).toMatchObject({ outcome: 'allowed', quota_limit: 10_000 })
  })

  test('shares the version with other prices of the same amount, and a price of the plan’s amount needs none', async () => {
    const count = (await versionsOf(PRO)).length
    const fifteen = await dashboardPrice(world, { unit_amount: 1_500 })
    const twenty = await dashboardPrice(world, { unit_amount: 2_000 })
    expect((await map(fifteen)).body.version).toBe(2)
    expect((await map(twenty)).body.version).toBe(1)
    expect(await versionsOf(PRO)).toHaveLength(count)
  })

  test('in another currency or of another period gets one too', async () => {
    const euros = await dashboardPrice(world, { currency: 'eur', unit_amount: 1_800 })
    const yearly = await dashboardPrice(world, {
      unit_amount: 12_000,
      recurring: { interval: 'month', interval_count: 12 },
    })
    const quarterly = await dashboardPrice(world, {
      unit_amount: 5_000,
      recurring: { interval: 'month', interval_count: 3 },
    })
    const [inEuros, inYears] = [await payer(euros), await payer(yearly)]
    const inQuarters = await payer(quarterly)
    for (const price of [euros, yearly, quarterly]) await map(price)
    await world.settled()
    expect((await inEuros.read()).plan).toMatchObject({
      period: 'monthly',
      price: { amount_minor: 1_800, currency: 'eur' },
      version_on_sale: null,
    })
    expect((await inYears.read()).plan).toMatchObject({
      period: 'yearly',
      price: { amount_minor: 12_000, currency: 'usd' },
    })
    expect((await inQuarters.read()).plan).toMatchObject({
      period: { every: 3, unit: 'month' },
      price: { amount_minor: 5_000, currency: 'usd' },
      version_on_sale: 1,
    })
    const { body } = await inEuros.call('PUT', `/subscriptions/${(await inEuros.read()).id}/plan`, {
      plan_id: 'plan_enterprise',
    })
    expect(body).toMatchObject({ code: 'plan_not_changeable' })
  })

  test('works with previews, changes and comparisons like any other version', async () => {
    const price = await dashboardPrice(world, { unit_amount: 1_500 })
    const who = await payer(price)
    await compare(true)
    expect(await findingsOf(who.stripeId)).toMatchObject([{ kind: 'unknown_price' }])
    await map(price)
    await world.settled()
    await compare(true)
    expect((await findingsOf(who.stripeId)).filter(({ state }) => state === 'open')).toEqual([])
    const { id } = await who.read()
    const change = { plan_id: 'plan_enterprise', when: 'now' }
    const { body: preview } = await who.call('POST', `/subscriptions/${id}/plan/preview`, change)
    expect(preview).toMatchObject({ next_price: { amount_minor: 50_000 } })
    const { body } = await who.call('PUT', `/subscriptions/${id}/plan`, {
      ...change,
      proration_date: preview.proration_date,
    })
    expect(body).toMatchObject({ plan: { slug: 'plan_enterprise' } })
    const [invoice] = (await world.stripe.invoices.list({ subscription: who.stripeId })).data
    expect(invoice).toMatchObject({ amount_paid: preview.amount_due.amount_minor })
  })

  test('is reported by a dry run with the price, before the import', async () => {
    const fifteen = await dashboardPrice(world, { unit_amount: 1_500 })
    await map(fifteen)
    const deliveries = `${world.simulator.url}/_simulator/deliveries`
    await fetch(deliveries, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'drop', count: 1_000 }),
    })
    const who = await payer(fifteen)
    await compare(true)
    expect(await findingsOf(who.stripeId)).toMatchObject([
      {
        kind: 'missing_here',
        detail: expect.stringContaining('plan_pro_monthly/2, $15.00 per month'),
      },
    ])
    await compare(false)
    await fetch(deliveries, { method: 'DELETE' })
    await until('it is imported', async () => (await who.read()).plan?.version === 2)
  })
})

describe('a price that no version can express', () => {
  test.each([['of nothing', { unit_amount: 0 }, /charges nothing/]] as const)(
    '%s is refused, and its subscription waits for an operator',
    async (_what, terms, words) => {
      const price = await dashboardPrice(world, terms)
      const who = await payer(price)
      const { status, body } = await map(price)
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'stripe_price_not_usable' })
      expect(body.detail).toContain(price)
      expect(body.detail).toMatch(words)
      expect((await who.read()).code).toBe('subscription_not_found')
      expect(await findingsOf(who.stripeId)).toMatchObject([
        { kind: 'unknown_price', state: 'open' },
      ])
    },
  )

  test('is refused when it was made for another plan, also after it was replaced', async () => {
    await subscribe(world, 'plan_enterprise')
    const { data } = await world.stripe.prices.list({
      lookup_keys: ['plan_enterprise:v1:monthly:usd'],
    })
    const [own] = data
    const taken = {
      status: 409,
      body: { code: 'stripe_price_taken', detail: expect.stringContaining('`plan_enterprise`') },
    }
    expect(await map(own!.id)).toMatchObject(taken)
    expect(await map(own!.id, 'plan_enterprise')).toMatchObject({
      status: 200,
      body: { version: 1 },
    })
    await world.stripe.prices.update(own!.id, { active: false })
    await world.container.pushCatalogue(world.clock.now())
    await subscribe(world, 'plan_enterprise')
    expect(await map(own!.id)).toMatchObject(taken)
    const { prices } = (await askOperator(world, 'GET', '/stripe-prices')).body
    expect(
      prices.filter(
        (each: { price_id: string; plan: string }) =>
          each.plan === PRO && each.price_id === own!.id,
      ),
    ).toEqual([])
  })

  test('is refused when Stripe does not have it', async () => {
    expect(await map('price_of_nobody')).toMatchObject({
      status: 404,
      body: { code: 'stripe_price_not_found' },
    })
  })
})

test('a mapping from before that charges something else is a finding, and is put right when the price is mapped again', async () => {
  const price = await dashboardPrice(world, { unit_amount: 900 })
  const [first] = (
    await world.database.pool.query<{ id: string }>(
      `select v.id from plan_versions v join plans p on p.id = v.plan_id where p.slug = $1 and v.version = 1`,
      [PRO],
    )
  ).rows
  await world.container.repositories.stripePrices.map({
    priceId: price,
    planVersionId: first!.id,
    createdAt: world.clock.now(),
  })
  const who = await payer(price)
  expect((await who.read()).code).toBe('subscription_not_found')
  expect(await findingsOf(who.stripeId)).toMatchObject([{ kind: 'price_differs', state: 'open' }])
  await map(price)
  await world.settled()
  expect((await who.read()).plan).toMatchObject({ price: { amount_minor: 900 } })
  await world.container.repositories.stripePrices.map({
    priceId: price,
    planVersionId: first!.id,
    createdAt: world.clock.now(),
  })
  await world.database.pool.query('update subscriptions set plan_version_id = $1 where id = $2', [
    first!.id,
    (await who.read()).id,
  ])
  await compare(false)
  expect(await findingsOf(who.stripeId)).toContainEqual(
    expect.objectContaining({ kind: 'price_differs', state: 'open' }),
  )
  await map(price)
  await compare(false)
  expect((await who.read()).plan).toMatchObject({ price: { amount_minor: 900 } })
})
