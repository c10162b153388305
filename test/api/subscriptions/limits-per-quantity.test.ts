import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../../support/customer.ts'
import { askOperator } from '../../support/migrations.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

const TEAM = 'plan_team'
const TRIAL = 'plan_team_trial'
const SMALL = 'plan_team_small'
const FEATURES = [
  { code: 'seats', quota_limit: 1, per_quantity: true },
  { code: 'messages_sent', quota_limit: 1_000, per_quantity: true },
  { code: 'ai_minutes', quota_limit: 10 },
]

let world: World
beforeAll(async () => {
  world = await createWorld()
  await publish(TEAM, {})
  await publish(TRIAL, { trial_days: 14 })
  await publish(SMALL, { price: { amount_minor: 500, currency: 'usd' } })
})
afterAll(() => world.close())

async function publish(slug: string, terms: object) {
  await askOperator(world, 'PUT', `/plans/${slug}`, { name: slug, rank: 12 })
  const { body } = await askOperator(world, 'POST', `/plans/${slug}/versions`, {
    period: 'monthly',
    price: { amount_minor: 1_000, currency: 'usd' },
    features: FEATURES,
    ...terms,
  })
  const path = `/plans/${slug}/versions/${body.version}/publication`
  expect(await askOperator(world, 'PUT', path, {})).toMatchObject({ status: 200 })
}

const team = (quantity: number, plan = TEAM) => subscribe(world, plan, { body: { quantity } })
const use = async ({ user }: Customer, feature: string, amount: number) =>
  (
    await world.call('POST', amount > 0 ? '/usage/consume' : '/usage/release', {
      user,
      key: randomUUID(),
      body: { feature, amount: Math.abs(amount) },
    })
  ).body
const simulate = async (path: string, method: 'GET' | 'POST', body?: object) => {
  const reply = await fetch(`${world.simulator.url}/_simulator${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return reply.json() as Promise<{ faults: readonly unknown[] }>
}
/** Long enough for a call in between, on a slow machine too. */
const delayAtStripe = (path: string) =>
  simulate('/faults', 'POST', { kind: 'delay', milliseconds: 3_000, method: 'POST', path })
const faultsLeft = async () => (await simulate('/state', 'GET')).faults.length
const limits = async (who: Customer) => [
  (await who.usage('seats')).quota_limit,
  (await who.usage('messages_sent')).quota_limit,
  (await who.usage('ai_minutes')).quota_limit,
]
const change = (quantity: number, more: object = {}) => ({ plan_id: TEAM, quantity, ...more })

describe('a limit per quantity', () => {
  test('is that of all units, grows as soon as more are paid, and is exact', async () => {
    const who = await team(3)
    expect(await limits(who)).toEqual([3, 3_000, 10])
    expect(await use(who, 'messages_sent', 3_000)).toMatchObject({ outcome: 'allowed' })
    expect(await use(who, 'messages_sent', 1)).toMatchObject({
      outcome: 'refused',
      quota_limit: 3_000,
      remaining: 0,
    })
    await who.ask('PUT', '/plan', change(5))
    expect(await limits(who)).toEqual([5, 5_000, 10])
    const all = await Promise.all(Array.from({ length: 30 }, () => use(who, 'messages_sent', 100)))
    expect(all.filter(({ outcome }) => outcome === 'allowed')).toHaveLength(20)
    const shown = (await world.call('GET', '/plans')).body.plans
    expect(shown.find(({ slug }: { slug: string }) => slug === TEAM).features).toMatchObject([
      { code: 'ai_minutes', per_quantity: false },
      { code: 'messages_sent', quota_limit: 1_000, per_quantity: true },
      { code: 'seats', name: 'Seats', unit: 'seat', quota_limit: 1, per_quantity: true },
    ])
  })

  test('stays as it was until the units are paid', async () => {
    const who = await team(1)
    await who.cards('declines')
    await who.ask('PUT', '/plan', change(4))
    expect(await limits(who)).toEqual([1, 1_000, 10])
    await who.cards('succeeds')
    await who.payInvoice()
    expect(await limits(who)).toEqual([4, 4_000, 10])
  })

  test('refuses fewer units than are in use, by name, in preview and change', async () => {
    const who = await team(3)
    await use(who, 'seats', 3)
    for (const [method, path] of [
      ['POST', '/plan/preview'],
      ['PUT', '/plan'],
    ] as const)
      expect(await who.ask(method, path, change(2))).toMatchObject({
        status: 409,
        body: {
          code: 'quantity_in_use',
          detail: expect.stringContaining('3 of `seats`, with a limit of 2'),
          errors: [{ field: 'quantity' }],
        },
      })
    expect(await use(who, 'seats', -1)).toMatchObject({ outcome: 'allowed' })
    expect((await who.ask('PUT', '/plan', change(2))).body).toMatchObject({
      quantity: 3,
      pending_change: { kind: 'scheduled', quantity: 2 },
    })
    // More seats would be held after the reduction too. Metered usage is paid until then.
    expect(await use(who, 'seats', 1)).toMatchObject({ outcome: 'refused' })
    expect(await limits(who)).toEqual([2, 3_000, 10])
    await who.ask('DELETE', '/plan/pending')
    expect(await use(who, 'seats', 1)).toMatchObject({ outcome: 'allowed' })
    expect((await who.ask('PUT', '/plan', change(4))).body).toMatchObject({ quantity: 4 })
  })

  test.each([
    ['fewer units', change(2), '/v1/subscription_schedules'],
    ['another plan', { plan_id: SMALL, quantity: 2 }, '/v1/subscription_schedules'],
    ['fewer units now', change(2, { when: 'now' }), '/v1/subscriptions/'],
  ])('gives no seat while Stripe records a change to %s', async (_what, wanted, path) => {
    const who = await team(5)
    await use(who, 'seats', 2)
    await delayAtStripe(path)
    const changing = who.ask('PUT', '/plan', wanted, { operator: true })
    await until('the change is at Stripe', async () => (await faultsLeft()) === 0)
    expect(await use(who, 'seats', 1)).toMatchObject({ outcome: 'refused', quota_limit: 2 })
    expect(await changing).toMatchObject({ status: 200 })
    expect(await who.usage('seats')).toMatchObject({ used_amount: 2, quota_limit: 2 })
    await who.ask('DELETE', '/plan/pending')
  })

  test('is as before after a change that Stripe refused', async () => {
    const who = await team(5)
    const refusing = { kind: 'answer', status: 400, method: 'POST', path: '/v1/subscription_sch' }
    await simulate('/faults', 'POST', refusing)
    expect((await who.ask('PUT', '/plan', change(2))).status).toBe(502)
    expect(await who.usage('seats')).toMatchObject({ used_amount: 0, quota_limit: 5 })
  })

  test('is that of fewer units from their instant on, also while Stripe’s events are lost', async () => {
    const who = await team(3)
    const { body } = await who.ask('PUT', '/plan', change(2))
    const deliveries = `${world.simulator.url}/_simulator/deliveries`
    await fetch(deliveries, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'drop', count: 1_000 }),
    })
    await world.advanceTo(new Date(Date.parse(body.period.end) + 60_000))
    expect(await who.read()).toMatchObject({ quantity: 3 })
    expect(await who.usage('messages_sent')).toMatchObject({ quota_limit: 2_000 })
    expect(await use(who, 'messages_sent', 2_001)).toMatchObject({ outcome: 'refused' })
    expect(await use(who, 'messages_sent', 2_000)).toMatchObject({ outcome: 'allowed' })
    await fetch(deliveries, { method: 'DELETE' })
    await world.advanceTo(new Date(Date.parse(body.period.end) + 4 * 3_600_000))
    await world.settled()
    expect(await who.read()).toMatchObject({ quantity: 2, pending_change: null })
    expect(await who.usage('messages_sent')).toMatchObject({ quota_limit: 2_000, remaining: 0 })
    expect(await limits(who)).toEqual([2, 2_000, 10])
  })

  test('gives no fresh quota for growing, using and shrinking within a period', async () => {
    const who = await team(1)
    await use(who, 'messages_sent', 1_000)
    await who.ask('PUT', '/plan', change(3))
    await use(who, 'messages_sent', 2_000)
    expect(await who.ask('PUT', '/plan', change(1, { when: 'now' }))).toMatchObject({
      body: { code: 'downgrade_not_now' },
    })
    await who.ask('PUT', '/plan', change(1, { when: 'now' }), { operator: true })
    expect(await who.usage('messages_sent')).toMatchObject({
      quota_limit: 1_000,
      used_amount: 3_000,
      remaining: 0,
    })
    await who.ask('PUT', '/plan', change(3))
    expect(await use(who, 'messages_sent', 1)).toMatchObject({ outcome: 'refused' })
  })

  test('is metered for one unit during a trial, whatever the quantity; seats are all there', async () => {
    const who = await team(50, TRIAL)
    expect(await who.read()).toMatchObject({ status: 'trialing', quantity: 50 })
    expect(await limits(who)).toEqual([50, 1_000, 10])
    expect(await use(who, 'messages_sent', 1_001)).toMatchObject({ outcome: 'refused' })
    const ended = await who.ask('DELETE', '/trial')
    expect(ended.body).toMatchObject({ status: 'active' })
    expect(await limits(who)).toEqual([50, 50_000, 10])
  })

  test('is refused without a limit, and for a free plan', async () => {
    const create = (terms: object) =>
      askOperator(world, 'POST', `/plans/${TEAM}/versions`, {
        period: 'monthly',
        price: { amount_minor: 1_000, currency: 'usd' },
        features: FEATURES,
        ...terms,
      })
    const wrong = [{ code: 'seats', per_quantity: true }]
    expect(await create({ features: wrong })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'features.seats.per_quantity' }] },
    })
    expect(await create({ price: { amount_minor: 0, currency: 'usd' } })).toMatchObject({
      status: 422,
      body: {
        errors: [
          { field: 'features.seats.per_quantity' },
          { field: 'features.messages_sent.per_quantity' },
        ],
      },
    })
  })
})
