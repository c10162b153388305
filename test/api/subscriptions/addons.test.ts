import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../../support/customer.ts'
import { askOperator } from '../../support/migrations.ts'
import { createWorld, type World } from '../../support/world.ts'

const TEAM = 'team_pack'
const PACK = 'message_pack'
const BILLED = { code: 'messages_sent', quota_limit: 1, overage: 'bill' }
const YEARLY = 'message_pack_yearly'
const PRO = 'plan_pro_monthly'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await askOperator(world, 'PUT', '/features/sso', { name: 'SSO', type: 'boolean' })
  await askOperator(world, 'PUT', '/features/reports', { name: 'Reports', type: 'metered' })
  const perUnit = { quota_limit: 1_000, per_quantity: true }
  await publish(PACK, 500, [{ code: 'messages_sent', ...perUnit }])
  await publish(YEARLY, 5_000, [{ code: 'messages_sent', ...perUnit }], 'yearly')
  await publish(TEAM, 900, [
    { code: 'seats', quota_limit: 2, per_quantity: true },
    { code: 'sso' },
    { code: 'reports', quota_limit: 5, reset: 'day' },
  ])
})
afterAll(() => world.close())

async function publish(slug: string, amount_minor: number, features: object[], period = 'monthly') {
  await askOperator(world, 'PUT', `/plans/${slug}`, { name: slug, rank: 50, kind: 'addon' })
  const { body } = await askOperator(world, 'POST', `/plans/${slug}/versions`, {
    period,
    price: { amount_minor, currency: 'usd' },
    features,
  })
  const path = `/plans/${slug}/versions/${body.version}/publication`
  expect(await askOperator(world, 'PUT', path, {})).toMatchObject({ status: 200 })
}

const items = (who: Customer, addons: Readonly<Record<string, number>>, more: object = {}) =>
  who.ask('PUT', '/items', { addons: listOf(addons), ...more })
const listOf = (addons: Readonly<Record<string, number>>) =>
  Object.entries(addons).map(([plan_id, quantity]) => ({ plan_id, quantity }))
const use = async ({ user }: Customer, feature: string, amount: number) =>
  (
    await world.call('POST', amount > 0 ? '/usage/consume' : '/usage/release', {
      user,
      key: randomUUID(),
      body: { feature, amount: Math.abs(amount) },
    })
  ).body
const messages = async (who: Customer) => (await who.usage('messages_sent')).quota_limit
const atStripe = async (who: Customer) =>
  (await who.stripe()).items.data
    .map(({ price, quantity }) => `${quantity} × ${price.unit_amount}`)
    .toSorted()

describe('add-ons', () => {
  test('are charged as previewed, and their limits pool with the plan’s', async () => {
    const who = await subscribe(world, PRO)
    const order = { addons: listOf({ [PACK]: 2, [TEAM]: 1 }) }
    const { body: preview } = await who.ask('POST', '/items/preview', order)
    expect(preview).toMatchObject({
      plan: PRO,
      when: 'now',
      next_price: { amount_minor: 2_000 + 2 * 500 + 900 },
    })
    expect(preview.amount_due.amount_minor).toBeGreaterThan(1_800)
    const { proration_date } = preview
    const { body } = await who.ask('PUT', '/items', { ...order, proration_date })
    expect(body.items).toMatchObject([
      { kind: 'plan', plan_id: PRO, quantity: 1 },
      { kind: 'addon', plan_id: PACK, version: 1, quantity: 2, price: { amount_minor: 500 } },
      { kind: 'addon', plan_id: TEAM, quantity: 1 },
    ])
    const [invoice] = await who.stripeInvoices()
    expect(invoice).toMatchObject({ status: 'paid', amount_due: preview.amount_due.amount_minor })
    const charged = invoice?.lines.data.map((line) => [line.description, line.amount])
    expect(charged).toEqual(
      preview.lines.map((line: { description: string; amount_minor: number }) => [
        line.description,
        line.amount_minor,
      ]),
    )
    expect(await atStripe(who)).toEqual(['1 × 2000', '1 × 900', '2 × 500'])
    expect(await messages(who)).toBe(12_000)
    expect((await who.usage('seats')).quota_limit).toBe(7)
    expect(await use(who, 'messages_sent', 12_000)).toMatchObject({ outcome: 'allowed' })
    expect(await use(who, 'messages_sent', 1)).toMatchObject({ outcome: 'refused' })
    expect(await who.timeline()).toContain('addons_changed')
    expect((await items(who, { [PACK]: 2, [TEAM]: 1 })).body.code).toBe('plan_unchanged')
  })

  test('are named once each, by slug or by id', async () => {
    const who = await subscribe(world, PRO)
    const { id } = (await world.call('GET', '/plans')).body.addons.find(
      ({ slug }: { slug: string }) => slug === PACK,
    )
    const { errors } = (await items(who, { [PACK]: 1, [id]: 1 })).body
    expect(errors[0].field).toBe('addons.1.plan_id')
  })

  test('bring features that the plan lacks, with their own reset', async () => {
    const who = await subscribe(world, PRO)
    expect(await use(who, 'reports', 1)).toMatchObject({ reason: 'feature_not_in_plan' })
    await items(who, { [TEAM]: 1 })
    expect(await use(who, 'reports', 5)).toMatchObject({ outcome: 'allowed', remaining: 0 })
    expect(await use(who, 'reports', 1)).toMatchObject({ reason: 'quota_exceeded' })
    const check = { user: who.user, body: { feature: 'sso' } }
    expect((await world.call('POST', '/usage/check', check)).body).toMatchObject({
      reason: 'feature_not_countable',
    })
    expect(await who.usage('sso')).toMatchObject({ type: 'boolean' })
    const { period } = await who.read()
    await world.advanceTo(new Date(Date.parse(period.start) + 25 * 3_600_000))
    expect(await use(who, 'reports', 5)).toMatchObject({ outcome: 'allowed' })
  })

  test('count only once they are paid', async () => {
    const who = await subscribe(world, PRO)
    await who.cards('declines')
    const { body } = await items(who, { [PACK]: 3 })
    expect(body.pending_change).toMatchObject({
      kind: 'awaiting_payment',
      addons: [{ plan_id: PACK, quantity: 3 }],
    })
    expect(await messages(who)).toBe(10_000)
    await who.cards('succeeds')
    await who.payInvoice()
    expect(await messages(who)).toBe(13_000)
  })

  test('that are taken away stay until the end of the period, and the removal can be withdrawn', async () => {
    const who = await subscribe(world, PRO)
    await items(who, { [PACK]: 3, [TEAM]: 1 })
    const sooner = await items(who, { [PACK]: 1 }, { when: 'now' })
    expect(sooner.body.code).toBe('downgrade_not_now')
    const { body } = await items(who, { [PACK]: 1 })
    expect(body.pending_change).toMatchObject({
      kind: 'scheduled',
      plan: PRO,
      addons: [{ plan_id: PACK, version: 1, quantity: 1 }],
    })
    await world.settled()
    const [scheduled, bought] = await world.mailsTo(who.email)
    expect(bought?.text).toContain(`Plan: Pro + 3 × ${PACK} + ${TEAM}, $44.00 per month`)
    expect(scheduled).toMatchObject({ subject: `Your plan will change to Pro + ${PACK}` })
    expect(await messages(who)).toBe(13_000)
    // Otherwise more seats could be held until the reduction, and kept afterwards.
    expect((await who.usage('seats')).quota_limit).toBe(5)
    await who.ask('DELETE', '/plan/pending')
    expect((await who.usage('seats')).quota_limit).toBe(7)
    await items(who, { [PACK]: 1 })
    await world.advanceTo(new Date(Date.parse(body.period.end) + 60_000))
    await world.settled()
    expect(await messages(who)).toBe(11_000)
    expect(await atStripe(who)).toEqual(['1 × 2000', '1 × 500'])
    expect((await who.read()).items).toHaveLength(2)
    const [renewal] = await who.stripeInvoices()
    expect(renewal?.amount_due).toBe(2_500)
    expect(await use(who, 'reports', 1)).toMatchObject({ outcome: 'refused' })
  })

  test('can be bought with the plan, and not be taken away while their seats are in use', async () => {
    const who = await subscribe(world, PRO, { body: { addons: listOf({ [TEAM]: 1 }) } })
    await use(who, 'seats', 7)
    for (const [method, path] of [
      ['POST', '/items/preview'],
      ['PUT', '/items'],
    ] as const)
      expect(await who.ask(method, path, { addons: [] })).toMatchObject({
        status: 409,
        body: {
          code: 'quantity_in_use',
          detail: expect.stringContaining('7 of `seats`, with a limit of 5'),
        },
      })
  })

  test('stay when the plan changes, and one that does not fit is refused by name', async () => {
    const who = await subscribe(world, PRO)
    await items(who, { [PACK]: 2 })
    expect(await who.ask('PUT', '/plan', { plan_id: 'plan_pro_yearly' })).toMatchObject({
      status: 409,
      body: { code: 'addon_does_not_fit', detail: expect.stringContaining(PACK) },
    })
    expect(await items(who, { [YEARLY]: 1 })).toMatchObject({
      status: 409,
      body: { code: 'addon_does_not_fit', errors: [{ field: 'addons.0.plan_id' }] },
    })
    await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect((await who.read()).items).toMatchObject([
      { plan_id: 'plan_enterprise' },
      { kind: 'addon', plan_id: PACK, quantity: 2 },
    ])
    const { pending_change } = (await who.ask('PUT', '/plan', { plan_id: PRO })).body
    expect(pending_change).toMatchObject({ plan: PRO, addons: [{ plan_id: PACK, quantity: 2 }] })
    expect(await who.ask('PUT', '/plan', { plan_id: 'plan_free' })).toMatchObject({ status: 409 })
    const free = await items(who, {}, { plan_id: 'plan_free' })
    expect(free).toMatchObject({ status: 200, body: { pending_change: { plan: 'plan_free' } } })
  })

  test('are no plans: nobody subscribes to one, and unknown ones are named', async () => {
    const who = await subscribe(world, PRO)
    expect(
      await world.call('POST', '/subscriptions/checkout', {
        user: randomUUID(),
        body: { plan_id: PACK },
      }),
    ).toMatchObject({ status: 404, body: { code: 'plan_not_found' } })
    expect(await who.ask('PUT', '/plan', { plan_id: PACK })).toMatchObject({ status: 404 })
    expect(await items(who, { plan_enterprise: 1 })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'addons.0.plan_id' }] },
    })
    const { body } = await world.call('GET', '/plans')
    const slugs = body.plans.map(({ slug }: { slug: string }) => slug)
    expect(slugs).not.toContain(PACK)
    expect(body.plans.find(({ slug }: { slug: string }) => slug === PRO).addons).toEqual([
      PACK,
      TEAM,
    ])
    expect(body.addons).toMatchObject([{ slug: PACK }, { slug: YEARLY }, { slug: TEAM }])
  })

  test('cannot grow in a trial', async () => {
    const body = { plan_id: 'plan_starter', addons: listOf({ [PACK]: 1 }) }
    const bought = await world.call('POST', '/subscriptions/checkout', { user: randomUUID(), body })
    expect(bought.body).toMatchObject({ code: 'grows_in_trial' })
    const who = await subscribe(world, 'plan_starter')
    expect((await items(who, { [PACK]: 1 })).body).toMatchObject({ code: 'grows_in_trial' })
  })

  test('keep their limits through a pause and a cancellation that is withdrawn, and end with the subscription', async () => {
    const who = await subscribe(world, PRO)
    await items(who, { [PACK]: 4 })
    await use(who, 'messages_sent', 13_999)
    await who.ask('PUT', '/pause', {})
    await who.ask('DELETE', '/pause')
    expect(await who.usage('messages_sent')).toMatchObject({ quota_limit: 14_000, remaining: 1 })
    await who.ask('PUT', '/cancellation', { when: 'period_end' })
    await who.ask('DELETE', '/cancellation')
    expect(await messages(who)).toBe(14_000)
    await who.ask('PUT', '/cancellation', { when: 'now' })
    expect(await use(who, 'messages_sent', 1)).toMatchObject({ outcome: 'refused' })
  })

  test('follow the dashboard, as the plan’s quantity does', async () => {
    const who = await subscribe(world, PRO)
    await items(who, { [PACK]: 1 })
    const { id, items: held } = await who.stripe()
    const addon = held.data.find(({ price }) => price.unit_amount === 500)
    await world.stripe.subscriptions.update(id, {
      items: [{ id: addon?.id ?? '', quantity: 2 }],
      proration_behavior: 'none',
    })
    await world.settled()
    expect(await messages(who)).toBe(12_000)
    expect((await who.read()).items[1]).toMatchObject({ kind: 'addon', quantity: 2 })
  })
})

describe('the catalogue', () => {
  const put = (slug: string, more: object) =>
    askOperator(world, 'PUT', `/plans/${slug}`, { name: slug, rank: 60, kind: 'addon', ...more })
  const draft = (slug: string, more: object) =>
    askOperator(world, 'POST', `/plans/${slug}/versions`, {
      period: 'monthly',
      price: { amount_minor: 100, currency: 'usd' },
      features: [{ code: 'messages_sent', quota_limit: 1 }],
      ...more,
    })
  const fieldsOf = ({ body }: { body: { errors: { field: string }[] } }) =>
    body.errors.map(({ field }) => field)

  test.each<[string, object, string]>([
    ['a trial', { trial_days: 7 }, 'trial_days'],
    ['no price', { price: { amount_minor: 0, currency: 'usd' } }, 'price.amount_minor'],
    ['overage that is billed', { features: [BILLED] }, 'features.messages_sent.overage'],
  ])('refuses an add-on with %s by its field', async (_what, terms, field) => {
    await put('odd_addon', {})
    expect(fieldsOf(await draft('odd_addon', terms))).toEqual([field])
  })

  test.each<[string, object, string]>([
    ['currency', { price: { amount_minor: 100, currency: 'chf' } }, 'price.currency'],
    ['period', { period: { every: 5, unit: 'month' } }, 'period'],
  ])('refuses to publish an add-on whose %s no plan has', async (name, terms, field) => {
    const slug = `odd_${name}`
    await put(slug, {})
    const { body } = await draft(slug, terms)
    const path = `/plans/${slug}/versions/${body.version}/publication`
    expect(fieldsOf(await askOperator(world, 'PUT', path, {}))).toEqual([field])
  })

  test('names the base plans that do not exist, and keeps the kind of a published plan', async () => {
    expect(fieldsOf(await put('odd_fit', { fits: [PRO, PACK] }))).toEqual(['fits.1'])
    expect((await put(PACK, { kind: 'base' })).body.code).toBe('plan_in_use')
  })
})
