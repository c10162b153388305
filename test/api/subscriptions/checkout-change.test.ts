import { createHash, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { daysAfter } from '../../support/days.ts'
import { newUser, subscribe, type Customer } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'the secret of an issuer of tokens of users'
let world: World
beforeAll(async () => {
  world = await createWorld({ access: { userTokens: { secret: SECRET } } })
})
afterAll(() => world.close())

type Given = { readonly key?: string; readonly headers?: Record<string, string> }
/** The one call of an application for purchase and change. */
const subscribeTo = (user: string, plan_id: string, body: object = {}, given: Given = {}) =>
  world.call('POST', '/subscriptions/checkout', {
    user,
    body: { plan_id, if_subscribed: 'change', ...body },
    ...given,
  })
async function asUser({ user }: Customer, plan_id: string, body: object = {}) {
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime(new Date(world.clock.now().getTime() + 3_600_000))
    .sign(new TextEncoder().encode(SECRET))
  return world.call('POST', '/subscriptions/checkout', {
    body: { plan_id, if_subscribed: 'change', ...body },
    headers: { authorization: `Bearer ${token}` },
  })
}
/** As if the API had crashed after the command was carried out and before the response was stored. */
const loseAnswer = (key: string) =>
  world.database.pool.query(
    'update idempotency_keys set response_status = null, response_body = null where key = $1',
    [key],
  )
const planOf = async (who: Customer) => (await who.read()).plan.slug

describe('a checkout that may change the plan', () => {
  test('previews first and changes nothing, then charges exactly what was confirmed, once', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await world.moveTo(daysAfter((await who.read()).period.start, 9))
    const first = await subscribeTo(who.user, 'plan_enterprise')
    expect(first).toMatchObject({
      status: 200,
      body: { kind: 'change', subscription_id: who.id, status: 'active', subscription: null },
    })
    const { preview, confirm } = first.body
    const { when, takes_effect_at, proration_date, amount_due, next_price } = preview
    expect(confirm).toEqual({ when, takes_effect_at, proration_date, amount_due, next_price })
    expect([when, await planOf(who)]).toEqual(['now', 'plan_pro_monthly'])
    expect(await who.stripeInvoices()).toHaveLength(1)
    const key = randomUUID()
    const changed = await subscribeTo(who.user, 'plan_enterprise', { confirm }, { key })
    expect(changed).toMatchObject({
      status: 200,
      body: { kind: 'changed', confirm: null, subscription: { plan: { slug: 'plan_enterprise' } } },
    })
    expect(await subscribeTo(who.user, 'plan_enterprise', { confirm }, { key })).toMatchObject({
      status: 200,
      body: changed.body,
    })
    const invoices = await who.stripeInvoices()
    expect(invoices).toHaveLength(2)
    expect(invoices[0]?.amount_paid).toBe(amount_due.amount_minor)
  })

  test.each([
    ['when', { when: 'period_end' }],
    ['proration_date', { proration_date: null }],
    ['amount_due', { amount_due: { amount_minor: 1, currency: 'usd' } }],
    ['next_price', { next_price: { amount_minor: 50_000, currency: 'eur' } }],
  ])(
    'changes nothing if the confirmed %s is another one, and answers the new preview',
    async (_, wrong) => {
      const who = await subscribe(world, 'plan_pro_monthly')
      const { body } = await subscribeTo(who.user, 'plan_enterprise')
      const refused = await subscribeTo(who.user, 'plan_enterprise', {
        confirm: { ...body.confirm, ...wrong },
      })
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'moved_on', preview: { plan: 'plan_enterprise' }, confirm: { when: 'now' } },
      })
      expect(await planOf(who)).toBe('plan_pro_monthly')
      expect(await who.stripeInvoices()).toHaveLength(1)
      const { confirm } = refused.body
      expect(await subscribeTo(who.user, 'plan_enterprise', { confirm })).toMatchObject({
        status: 200,
        body: { kind: 'changed' },
      })
    },
  )

  test('is moved on after a change in between, and keeps the quantity that nobody named', async () => {
    const who = await subscribe(world, 'plan_pro_monthly', { body: { quantity: 3 } })
    const { body } = await subscribeTo(who.user, 'plan_enterprise')
    expect(body.confirm.next_price.amount_minor).toBe(3 * 50_000)
    await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly', quantity: 4 })
    const { confirm } = body
    const refused = await subscribeTo(who.user, 'plan_enterprise', { confirm })
    expect(refused).toMatchObject({ status: 409, body: { code: 'moved_on' } })
    expect(refused.body.confirm.next_price.amount_minor).toBe(4 * 50_000)
    expect(await who.read()).toMatchObject({ plan: { slug: 'plan_pro_monthly' }, quantity: 4 })
  })

  test('refuses an old preview, also one of the future, and returns the answer of a lost one', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { body } = await subscribeTo(who.user, 'plan_enterprise')
    for (const hours of [-2, 2]) {
      const at = new Date(Date.parse(body.confirm.proration_date) + hours * 3_600_000)
      const confirm = { ...body.confirm, proration_date: at.toISOString() }
      expect(await subscribeTo(who.user, 'plan_enterprise', { confirm })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'confirm.proration_date' }] },
      })
    }
    const key = randomUUID()
    const { confirm } = body
    expect((await subscribeTo(who.user, 'plan_enterprise', { confirm }, { key })).status).toBe(200)
    for (const _ of [1, 2]) {
      await loseAnswer(key)
      await world.moveTo(new Date(world.clock.now().getTime() + 2 * 3_600_000))
      expect(await subscribeTo(who.user, 'plan_enterprise', { confirm }, { key })).toMatchObject({
        status: 200,
        body: {
          kind: 'changed',
          preview: null,
          subscription: { plan: { slug: 'plan_enterprise' } },
        },
      })
    }
    expect(await who.stripeInvoices()).toHaveLength(2)
  })

  test.each(['promotion_code', 'coupon'])('refuses a discount for a change: %s', async (field) => {
    const who = await subscribe(world, 'plan_pro_monthly')
    expect(await subscribeTo(who.user, 'plan_enterprise', { [field]: 'SPRING' })).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ field }] },
    })
  })

  test('of a free plan is a purchase, which takes a discount', async () => {
    const who = await subscribe(world, 'plan_free')
    const { id } = await world.stripe.coupons.create({ percent_off: 50, duration: 'once' })
    expect(await subscribeTo(who.user, 'plan_pro_monthly', { coupon: id })).toMatchObject({
      status: 201,
      body: { kind: 'checkout', checkout_url: expect.stringContaining('http') },
    })
  })

  test('that is confirmed buys nothing if there is no paid plan any more', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { confirm } = (await subscribeTo(who.user, 'plan_enterprise')).body
    await who.ask('PUT', '/cancellation', { when: 'now' })
    expect(await subscribeTo(who.user, 'plan_enterprise', { confirm })).toMatchObject({
      status: 409,
      body: { code: 'moved_on' },
    })
  })

  test('at the end of the period counts for that period alone', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    const { confirm } = (await asUser(who, 'plan_pro_monthly')).body
    const { period } = await who.read()
    await world.advanceTo(daysAfter(period.end, 1))
    expect(await asUser(who, 'plan_pro_monthly', { confirm })).toMatchObject({
      status: 409,
      body: { code: 'moved_on', confirm: { when: 'period_end' } },
    })
    expect((await who.read()).pending_change).toBeNull()
  })

  test('is refused as the change of plan itself is', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    expect(await subscribeTo(who.user, 'plan_pro_monthly')).toMatchObject({
      status: 409,
      body: { code: 'plan_unchanged' },
    })
    await who.ask('PUT', '/pause', {})
    expect(await subscribeTo(who.user, 'plan_enterprise')).toMatchObject({
      status: 409,
      body: { code: 'move_not_allowed' },
    })
  })

  test('gives a user’s token no downgrade before the end of the period', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    const { body } = await asUser(who, 'plan_pro_monthly')
    expect(body).toMatchObject({ kind: 'change', confirm: { when: 'period_end' } })
    const now = { ...body.confirm, when: 'now' }
    expect(await asUser(who, 'plan_pro_monthly', { confirm: now })).toMatchObject({
      status: 409,
      body: { code: 'moved_on' },
    })
    expect(await asUser(who, 'plan_pro_monthly', { confirm: body.confirm })).toMatchObject({
      status: 200,
      body: { kind: 'changed', subscription: { pending_change: { plan: 'plan_pro_monthly' } } },
    })
    expect(await planOf(who)).toBe('plan_enterprise')
  })

  test('starts a subscription without one, and with a free one, and repeats find their own', async () => {
    const user = newUser()
    const key = randomUUID()
    const free = await subscribeTo(user, 'plan_free', {}, { key })
    expect(free).toMatchObject({ status: 201, body: { kind: 'checkout', status: 'active' } })
    await loseAnswer(key)
    expect(await subscribeTo(user, 'plan_free', {}, { key })).toMatchObject({
      status: 201,
      body: { subscription_id: free.body.subscription_id },
    })
    const paid = await subscribeTo(user, 'plan_pro_monthly')
    expect(paid).toMatchObject({
      status: 201,
      body: { kind: 'checkout', subscription_id: free.body.subscription_id },
    })
    expect(paid.body.checkout_url).not.toBeNull()
  })

  test('needs `if_subscribed: change` for a confirmation, and else refuses a second plan', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { confirm } = (await subscribeTo(who.user, 'plan_enterprise')).body
    const plain = (body: object) =>
      world.call('POST', '/subscriptions/checkout', { user: who.user, body })
    expect(await plain({ plan_id: 'plan_enterprise', confirm })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'confirm' }] },
    })
    expect(await plain({ plan_id: 'plan_enterprise' })).toMatchObject({
      status: 409,
      body: { code: 'subscription_exists' },
    })
  })

  test('keeps the keys of requests without it as they were stored before', async () => {
    const key = randomUUID()
    await world.call('POST', '/subscriptions/checkout', {
      user: newUser(),
      body: { email: 'ada@example.com', plan_id: 'plan_free' },
      key,
    })
    const before = {
      plan_id: 'plan_free',
      email: 'ada@example.com',
      quantity: 1,
      allow_promotion_codes: false,
      payment_method_collection: 'always',
    }
    const request = JSON.stringify({ operation: 'checkout', body: before })
    const { rows } = await world.database.pool.query(
      'select request_hash from idempotency_keys where key = $1',
      [key],
    )
    expect(rows).toEqual([{ request_hash: createHash('sha256').update(request).digest('hex') }])
  })
})
