import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aPlanOfVersions, askOperator } from '../support/migrations.ts'
import { newUser, subscribe } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
afterEach(async () => {
  await fetch(`${world.simulator.url}/_simulator/faults`, { method: 'DELETE' })
})

const DAY_MS = 86_400_000
/** Runs the task as the worker does in three minutes, `days` from now. */
async function push(days = 0) {
  for (const minutes of [0, 1, 2]) {
    const at = new Date(world.clock.now().getTime() + days * DAY_MS + minutes * 60_000)
    await world.container.pushCatalogue(at)
  }
}
const fault = (kind: string, path: string) =>
  fetch(`${world.simulator.url}/_simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      kind,
      count: 1,
      method: 'POST',
      path,
      ...(kind.includes('answer') && { status: 500 }),
    }),
  })
const pricesOf = async (slug: string) =>
  (await world.stripe.prices.list({ product: `perennial_${slug}`, limit: 100 })).data
const pushState = async (slug: string, version: number) => {
  const { body } = await askOperator(world, 'GET', '/catalogue/stripe')
  return body.versions.find(
    (each: { plan: string; version: number }) => each.plan === slug && each.version === version,
  )
}

const found = async (priceId: string) =>
  (await askOperator(world, 'GET', '/drift?kind=plan_differs')).body.findings.filter(
    (each: { stripe_id: string }) => each.stripe_id === priceId,
  )

describe('a published version', () => {
  test('is a price at Stripe before the first purchase, created once', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    expect(await pushState(slug, 1)).toMatchObject({ pushed_at: null, stripe_price_id: null })
    await push()
    await push()
    const [price, ...others] = await pricesOf(slug)
    expect(others).toEqual([])
    expect(price).toMatchObject({
      unit_amount: 2_000,
      lookup_key: `${slug}:v1:monthly:usd`,
      active: true,
    })
    expect(await pushState(slug, 1)).toMatchObject({ stripe_price_id: price!.id, drift: null })
    await subscribe(world, slug)
    expect(await pricesOf(slug)).toHaveLength(1)
  })

  test.each([
    ['3 months', { interval: 'month', interval_count: 3 }],
    ['1 week', { interval: 'week', interval_count: 1 }],
    ['90 days', { interval: 'day', interval_count: 90 }],
  ] as const)('that is charged every %s has this interval at Stripe', async (period, recurring) => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000, period })
    await push()
    const [price, ...others] = await pricesOf(slug)
    expect(others).toEqual([])
    const lookup_key = `${slug}:v1:${period.replace(' ', '_')}:usd`
    expect(price).toMatchObject({ recurring, lookup_key })
    await push(1)
    expect(await pushState(slug, 1)).toMatchObject({ stripe_price_id: price!.id, drift: null })
  })

  test.each([
    ['commit_then_reset', '/v1/products'],
    ['commit_then_reset', '/v1/prices'],
    ['commit_then_answer', '/v1/prices'],
    ['answer', '/v1/products'],
    ['answer', '/v1/prices'],
  ])('is created once although Stripe fails with %s for %s', async (kind, path) => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 1_500 })
    await fault(kind, path)
    await world.container.pushCatalogue(world.clock.now())
    // After a broken connection the SDK itself sends the request again, with the same key.
    const hasFailed = kind !== 'commit_then_reset'
    expect((await pushState(slug, 1)).last_error !== null).toBe(hasFailed)
    await push()
    expect(await pricesOf(slug)).toHaveLength(1)
    expect(await pushState(slug, 1)).toMatchObject({ last_error: null, drift: null })
  })

  test('is archived when it is retired, the product with the last version, and is still charged', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const who = await subscribe(world, slug)
    await publish({ priceMinor: 3_000 })
    await askOperator(world, 'PUT', `/plans/${slug}/versions/1/retirement`)
    await push()
    const active = async () =>
      (await pricesOf(slug)).map((price) => `${price.unit_amount} ${price.active}`)
    expect(new Set(await active())).toEqual(new Set(['2000 false', '3000 true']))
    const product = () => world.stripe.products.retrieve(`perennial_${slug}`)
    expect(await product()).toMatchObject({ active: true })
    await askOperator(world, 'PUT', `/plans/${slug}/versions/2/retirement`)
    await push()
    expect(await product()).toMatchObject({ active: false })
    expect((await who.stripe()).items.data[0]).toMatchObject({ price: { unit_amount: 2_000 } })
  })

  test('has the name of its plan', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    await push()
    for (const name of ['First', 'Second', 'First']) {
      await askOperator(world, 'PUT', `/plans/${slug}`, { name, rank: 7 })
      await push()
      expect(await world.stripe.products.retrieve(`perennial_${slug}`)).toMatchObject({ name })
    }
  })
})

describe('a change made at Stripe', () => {
  test('is reported a day later, and undone only when an operator pushes again', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    await push()
    const [price] = await pricesOf(slug)
    await world.stripe.prices.update(price!.id, { active: false })
    await world.stripe.products.update(`perennial_${slug}`, { name: 'Hacked' })
    await push(1.1)
    const { drift } = await pushState(slug, 1)
    expect(drift).toMatch(/called Hacked, not Own.*it is archived/)
    expect(await found(price!.id)).toMatchObject([
      { state: 'open', remedy: 'operator', detail: expect.stringContaining(`${slug}:v1`) },
    ])
    expect(await world.stripe.prices.retrieve(price!.id)).toMatchObject({ active: false })
    const again = await askOperator(world, 'PUT', `/plans/${slug}/versions/1/stripe`)
    expect(again).toMatchObject({ status: 202, body: { pushed_at: null } })
    await push(1.2)
    expect(await world.stripe.prices.retrieve(price!.id)).toMatchObject({ active: true })
    expect(await pushState(slug, 1)).toMatchObject({ drift: null })
    expect(await found(price!.id)).toMatchObject([{ state: 'repaired' }])
  })

  test.each([
    ['its price', async (price: string) => world.stripe.prices.update(price, { active: false })],
    [
      'its product',
      async (_price: string, product: string) =>
        world.stripe.products.update(product, { active: false }),
    ],
  ])('that archived %s does not stop the sale, and is a finding', async (_what, archive) => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const holder = await subscribe(world, slug)
    const [price] = await pricesOf(slug)
    await archive(price!.id, `perennial_${slug}`)
    const buyers = await Promise.all([subscribe(world, slug), subscribe(world, slug)])
    for (const buyer of [...buyers, holder])
      expect(await buyer.read()).toMatchObject({
        status: 'active',
        plan: { slug, version: 1, price: { amount_minor: 2_000 } },
      })
    const sold = (await pricesOf(slug)).filter(({ active }) => active)
    expect(sold).toMatchObject([{ unit_amount: 2_000, lookup_key: `${slug}:v1:monthly:usd` }])
    expect(await found(price!.id)).toMatchObject([{ state: 'open', remedy: 'operator' }])
    const more = await holder.ask('PUT', '/plan', { plan_id: slug, quantity: 2, when: 'now' })
    expect(more).toMatchObject({ status: 200, body: { quantity: 2, plan: { slug } } })
  })

  test('that archived a price does not stop a change of plan, its preview, or one at the end of the period', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 90_000 })
    await subscribe(world, slug)
    for (const when of ['now', 'period_end']) {
      const who = await subscribe(world, 'plan_pro_monthly')
      const [current] = (await pricesOf(slug)).filter(({ active }) => active)
      await world.stripe.prices.update(current!.id, { active: false })
      const wanted = { plan_id: slug, when }
      const preview = await who.ask('POST', '/plan/preview', wanted, { operator: true })
      expect(preview.status).toBe(200)
      const changed = await who.ask('PUT', '/plan', wanted, { operator: true })
      expect(changed.status).toBe(200)
      const { plan, pending_change: pending } = changed.body
      expect(when === 'now' ? plan.slug : pending.plan).toBe(slug)
    }
  })

  test('that used up a promotion code is the problem of its field, and the customer can buy without it', async () => {
    const { id: coupon } = await world.stripe.coupons.create({ percent_off: 10, duration: 'once' })
    const code = `USED${Date.now()}`
    const promotion = await world.stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon },
      code,
      max_redemptions: 1,
    })
    await subscribe(world, 'plan_pro_monthly', { body: { promotion_code: code } })
    expect(promotion.active).toBe(true)
    const user = newUser()
    const refused = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_pro_monthly', promotion_code: code },
    })
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ field: 'promotion_code' }] },
    })
    const { status } = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_pro_monthly' },
    })
    expect(status).toBe(201)
  })

  test('that Stripe cannot undo stays reported', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    const product = await world.stripe.products.create({ id: `perennial_${slug}`, name: 'Own' })
    await world.stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 77,
      recurring: { interval: 'month' },
      lookup_key: `${slug}:v1:monthly:usd`,
    })
    await publish({ priceMinor: 2_000 })
    await push()
    expect((await pushState(slug, 1)).drift).toContain('its amount is 77, not 2000')
    expect(await askOperator(world, 'PUT', '/plans/plan_free/versions/1/stripe')).toMatchObject({
      status: 404,
    })
  })
})
