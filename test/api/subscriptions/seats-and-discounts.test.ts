import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlanOfVersions, migrate } from '../../support/migrations.ts'
import { aPayer } from '../../support/payer.ts'
import { newUser, subscribe } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const DAY_MS = 86_400_000
const PLAN = 'plan_pro_monthly'
const PRICE = 2_000
const buy = (body: object, plan_id = PLAN) =>
  world.call('POST', '/subscriptions/checkout', { user: newUser(), body: { plan_id, ...body } })

describe('seats', () => {
  test('can be bought, added for the previewed charge, and removed by an operator for a credit', async () => {
    const who = await subscribe(world, PLAN, { body: { quantity: 3 } })
    expect(await who.read()).toMatchObject({
      quantity: 3,
      plan: { price: { amount_minor: PRICE } },
    })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 3 * PRICE })
    const more = { plan_id: PLAN, quantity: 5 }
    const { body: preview } = await who.ask('POST', '/plan/preview', more)
    expect(preview).toMatchObject({ when: 'now', next_price: { amount_minor: 5 * PRICE } })
    const { proration_date } = preview
    const changed = await who.ask('PUT', '/plan', { ...more, proration_date })
    expect(changed).toMatchObject({ status: 200, body: { quantity: 5, plan: { slug: PLAN } } })
    await world.settled()
    expect((await who.stripeInvoices())[0]).toMatchObject({
      amount_paid: preview.amount_due.amount_minor,
    })
    expect(await who.ask('PUT', '/plan', more)).toMatchObject({
      status: 409,
      body: { code: 'plan_unchanged' },
    })
    await who.ask('PUT', '/plan', { plan_id: PLAN, quantity: 2, when: 'now' }, { operator: true })
    await world.settled()
    expect((await who.read()).quantity).toBe(2)
    expect((await who.stripeInvoices())[0]?.total).toBeLessThan(0)
    expect((await who.timeline()).filter((kind) => kind === 'quantity_changed')).toHaveLength(2)
    const free = await who.ask('PUT', '/plan', { plan_id: 'plan_free' })
    expect(free).toMatchObject({ body: { pending_change: { plan: 'plan_free' } } })
  })

  test('stay unchanged until they are paid', async () => {
    const who = await subscribe(world, PLAN)
    await who.cards('declines')
    const { body } = await who.ask('PUT', '/plan', { plan_id: PLAN, quantity: 4 })
    expect(body).toMatchObject({ quantity: 1, pending_change: { kind: 'awaiting_payment' } })
    await who.cards('succeeds')
    await who.payInvoice()
    expect(await who.read()).toMatchObject({ quantity: 4, pending_change: null })
  })

  test('are kept by a migration', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 1_000 })
    const who = await aPayer(world, slug)
    await who.ask('PUT', '/plan', { plan_id: slug, quantity: 3 })
    await publish({ priceMinor: 1_500 })
    const job = await migrate(world, {
      from: [{ plan: slug, version: 1 }],
      to: { plan: slug, version: 2 },
      canary_percent: 0,
    })
    expect((await job.reaches('done')).report.money).toMatchObject([
      { per_period_before_minor: 3_000, per_period_after_minor: 4_500 },
    ])
    await who.toRenewal()
    expect(await who.read()).toMatchObject({ quantity: 3, plan: { version: 2 } })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_due: 4_500 })
  })

  test('are removed by their customer at the end of the period', async () => {
    const who = await subscribe(world, PLAN, { body: { quantity: 3 } })
    const fewer = { plan_id: PLAN, quantity: 2 }
    expect((await who.ask('POST', '/plan/preview', fewer)).body).toMatchObject({
      when: 'period_end',
      amount_due: { amount_minor: 0 },
      next_price: { amount_minor: 2 * PRICE },
    })
    const { body } = await who.ask('PUT', '/plan', fewer)
    expect(body).toMatchObject({
      quantity: 3,
      pending_change: { kind: 'scheduled', plan: PLAN, quantity: 2, at: body.period.end },
    })
    await world.settled()
    const [mail] = await world.mailsTo(who.email)
    expect(mail).toMatchObject({ subject: 'Your plan will change to Pro × 2' })
    expect(mail?.text).toContain('$40.00')
    await world.advanceTo(new Date(Date.parse(body.period.end) + DAY_MS))
    await until('it renewed', async () => (await who.read()).period.start === body.period.end)
    expect(await who.read()).toMatchObject({ quantity: 2, pending_change: null })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 2 * PRICE })
    expect(await who.timeline()).toEqual(
      expect.arrayContaining(['plan_change_scheduled', 'quantity_changed', 'renewed']),
    )
    expect(await who.timeline()).not.toContain('plan_change_withdrawn')
  })

  test('are refused for a free plan, and as zero', async () => {
    const who = await subscribe(world, PLAN)
    const ask = (body: object) => who.ask('PUT', '/plan', body)
    expect(await ask({ plan_id: 'plan_free', quantity: 2 })).toMatchObject({ status: 409 })
    expect(await ask({ plan_id: PLAN, quantity: 0 })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'quantity' }] },
    })
    expect(await buy({ quantity: 2 }, 'plan_free')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'quantity' }] },
    })
  })
})

describe('currencies', () => {
  test('of a plan are all on sale, can be chosen, and are kept by the subscription', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    await publish({ priceMinor: 1_900, currency: 'eur' })
    const shown = async (query = '') => {
      const { body } = await world.call('GET', `/plans${query}`)
      return body.plans.filter((plan: { slug: string }) => plan.slug === slug)
    }
    expect(await shown()).toMatchObject([
      { version: 1, price: { amount_minor: 2_000, currency: 'usd' }, currencies: ['usd', 'eur'] },
    ])
    expect(await shown('?currency=eur')).toMatchObject([{ version: 2, price: { currency: 'eur' } }])
    const euro = await subscribe(world, slug, { body: { currency: 'eur' } })
    const dollar = await subscribe(world, slug)
    expect((await euro.stripeInvoices())[0]).toMatchObject({ amount_paid: 1_900, currency: 'eur' })
    await publish({ priceMinor: 2_100 })
    expect((await euro.read()).plan).toMatchObject({ version: 2, version_on_sale: 2 })
    expect((await dollar.read()).plan).toMatchObject({ version: 1, version_on_sale: 3 })
    const preview = await euro.ask('POST', '/plan/preview', { plan_id: PLAN })
    expect(preview).toMatchObject({ status: 409, body: { code: 'plan_not_changeable' } })
    expect(await buy({ currency: 'gbp' }, slug)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'currency' }] },
    })
  })
})

describe('a discount', () => {
  const aCode = async () => {
    const coupon = await world.stripe.coupons.create({
      percent_off: 25,
      duration: 'repeating',
      duration_in_months: 3,
    })
    const code = `CODE${randomUUID().slice(0, 8).toUpperCase()}`
    const { id } = await world.stripe.promotionCodes.create({
      code,
      promotion: { type: 'coupon', coupon: coupon.id },
    })
    return { coupon: coupon.id, code, id }
  }

  test('by a promotion code reduces the invoices, and is shown until it ends', async () => {
    const { coupon, code } = await aCode()
    const who = await subscribe(world, PLAN, { body: { promotion_code: code } })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 1_500 })
    expect((await who.read()).discount).toMatchObject({
      coupon,
      promotion_code: code,
      percent_off: 25,
      amount_off_minor: null,
      ends_at: expect.stringMatching(/Z$/),
    })
  })

  test('by a coupon of the application reduces all invoices', async () => {
    const { id: coupon } = await world.stripe.coupons.create({
      amount_off: 500,
      currency: 'usd',
      duration: 'forever',
    })
    const who = await subscribe(world, PLAN, { body: { coupon } })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 1_500 })
    expect((await who.read()).discount).toEqual({
      coupon,
      promotion_code: null,
      percent_off: null,
      amount_off_minor: 500,
      currency: 'usd',
      ends_at: null,
    })
  })

  test('can be typed on the page', async () => {
    const { body } = await buy({ allow_promotion_codes: true })
    const [session] = (await world.stripe.checkout.sessions.list({ limit: 1 })).data
    expect(session).toMatchObject({ url: body.checkout_url, allow_promotion_codes: true })
  })

  test('that is unknown, inactive or not possible is refused and names the field', async () => {
    const { code, id } = await aCode()
    await world.stripe.promotionCodes.update(id, { active: false })
    for (const [body, field, plan] of [
      [{ promotion_code: 'NOTHING' }, 'promotion_code', PLAN],
      [{ promotion_code: code }, 'promotion_code', PLAN],
      [{ coupon: 'nothing' }, 'coupon', PLAN],
      [{ coupon: 'x', allow_promotion_codes: true }, 'coupon', PLAN],
      [{ promotion_code: code }, 'promotion_code', 'plan_free'],
    ] as const)
      expect(await buy(body, plan)).toMatchObject({
        status: 422,
        body: { code: 'invalid_request', errors: [{ field }] },
      })
  })
})
