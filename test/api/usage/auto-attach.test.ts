import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { beginByItself } from '../../../api/usage/auto-attach.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import { eraseUser } from '../../../sync/erase-user.ts'
import { newUser, subscribe } from '../../support/customer.ts'
import { sell } from '../../support/plans.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

const SIDE = 'plan_side_free'
const OPERATOR = { authorization: 'Bearer bk_dev_operator' }
const MESSAGES = { code: 'messages_sent', quota_limit: 100 }
const MESSAGE = { feature: 'messages_sent', amount: 1 }

let world: World
beforeAll(async () => {
  world = await createWorld()
  await sell(world, { slug: SIDE, priceMinor: 0, productLine: 'side' })
})
afterAll(() => world.close())
beforeEach(() => attach('plan_free', true))

const plans = (slug: string, body: object) =>
  world.call('PUT', `/admin/plans/${slug}`, { headers: OPERATOR, body })
/** Sets the flag, and waits until the list of such plans, which is kept for a second, shows it. */
async function attach(slug: string, auto_attach: boolean) {
  const before = (await world.call('GET', `/admin/plans/${slug}`, { headers: OPERATOR })).body
  const { name, rank, product_line, kind, fits } = before
  const reply = await plans(slug, { name, rank, product_line, kind, fits, auto_attach })
  expect(reply.status).toBe(200)
  await until(`${slug} begins by itself: ${auto_attach}`, async () => {
    const attached = await world.container.repositories.plans.listAutoAttached()
    return attached.some((each) => each.slug === slug) === auto_attach
  })
}
const consume = async (user: string, amount = 1, feature = 'messages_sent') =>
  (await world.call('POST', '/usage/consume', { user, body: { feature, amount } })).body
const usageOf = (user: string, line = 'main') =>
  world.call('GET', `/usage?product_line=${line}`, { user })
const subscriptionsOf = async (user: string): Promise<{ id: string; status: string }[]> =>
  (await world.call('GET', '/subscriptions', { user })).body.subscriptions

describe('a plan that begins by itself', () => {
  test('begins once under fifty concurrent first calls, and counts all of them', async () => {
    const user = newUser()
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => consume(user)))
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 50 }, () => 'allowed'),
    )
    expect(await subscriptionsOf(user)).toHaveLength(1)
    const { body } = await usageOf(user)
    expect(body).toMatchObject({ plan: 'plan_free', status: 'active' })
    const [own] = await subscriptionsOf(user)
    const { body: timeline } = await world.call('GET', `/subscriptions/${own?.id}/timeline`, {
      user,
    })
    expect(timeline.changes).toMatchObject([{ actor: 'time', cause: 'the plan begins by itself' }])
    expect(await consume(user, 51)).toMatchObject({ outcome: 'refused', used_amount: 50 })
  })

  test.each([
    ['a check', (user: string) => world.call('POST', '/usage/check', { user, body: MESSAGE })],
    [
      'a reservation',
      (user: string) =>
        world.call('POST', '/usage/reservations', { user, body: { ...MESSAGE, expires_in: 60 } }),
    ],
    [
      'a batch',
      (user: string) =>
        world.call('POST', '/usage/batch', {
          user,
          body: { events: [{ ...MESSAGE, idempotency_key: 'one' }] },
        }),
    ],
    ['a reading of usage', (user: string) => usageOf(user)],
  ])('begins with %s', async (_, ask) => {
    const user = newUser()
    const { status, body } = await ask(user)
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain('refused')
    expect(await subscriptionsOf(user)).toMatchObject([{ status: 'active' }])
  })

  test('begins again after a paid plan has ended, and what that used counts in its window', async () => {
    const user = newUser()
    await consume(user, 100)
    const paid = await subscribe(world, 'plan_pro_monthly', { user })
    expect(await paid.read()).toMatchObject({
      status: 'active',
      plan: { slug: 'plan_pro_monthly' },
    })
    expect(await subscriptionsOf(user)).toHaveLength(1)
    expect(await paid.consume(150)).toMatchObject({ outcome: 'allowed' })
    const { window } = await paid.usage()
    await paid.ask('PUT', '/cancellation', { when: 'now' })
    expect(await consume(user)).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
    const { body } = await usageOf(user)
    expect(body).toMatchObject({ plan: 'plan_free', status: 'active' })
    expect(body.subscription_id).not.toBe(paid.id)
    expect(await paid.usage()).toMatchObject({ used_amount: 150, quota_limit: 100, window })
  })

  test('is looked for again if another subscription has begun in this moment', async () => {
    const { user } = await subscribe(world, 'plan_free')
    const { repositories, workflows } = world.container
    const late = { ...repositories.subscriptions, findLive: async () => undefined }
    const parts = {
      repositories: { ...repositories, subscriptions: late },
      workflows,
      clock: world.clock,
      publicUrl: world.url,
    }
    const isWanted = ({ slug }: PlanVersion) => slug === 'plan_free'
    expect(await beginByItself(parts, { userId: user, isWanted })).toEqual({ kind: 'begun' })
    expect(await subscriptionsOf(user)).toHaveLength(1)
  })

  test('gives no allowance again to a customer who cancels it', async () => {
    const user = newUser()
    await consume(user, 100)
    for (let i = 0; i < 2; i++) {
      const own = (await usageOf(user)).body.subscription_id
      await world.call('PUT', `/subscriptions/${own}/cancellation`, { user, body: { when: 'now' } })
      expect(await consume(user)).toMatchObject({ outcome: 'refused', used_amount: 100 })
    }
    expect(await subscriptionsOf(user)).toHaveLength(3)
  })

  test('lasts while the payment page of a first purchase is open', async () => {
    const user = newUser()
    const { status } = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_pro_monthly', email: `${user}@example.com` },
    })
    expect(status).toBe(201)
    expect(await consume(user)).toMatchObject({ outcome: 'allowed', quota_limit: 100 })
  })

  test('begins for a key that may use, not for one that may only read, and a feature that does not exist begins nothing', async () => {
    const user = newUser()
    const { body: made } = await world.call('POST', '/admin/api-keys', {
      headers: OPERATOR,
      body: { name: 'reader', scopes: ['read'] },
    })
    const headers = { authorization: `Bearer ${made.key}` }
    expect((await world.call('GET', '/usage', { user, headers })).status).toBe(404)
    expect(
      (await world.call('POST', '/usage/check', { user, headers, body: MESSAGE })).body,
    ).toMatchObject({ reason: 'no_subscription' })
    await consume(user, 1, 'no_such_feature')
    expect(await subscriptionsOf(user)).toEqual([])
  })

  test('of a second product line begins beside the first', async () => {
    await attach(SIDE, true)
    const user = newUser()
    await consume(user)
    expect(await subscriptionsOf(user)).toHaveLength(1)
    expect((await usageOf(user, 'side')).body).toMatchObject({ plan: SIDE })
    expect(await subscriptionsOf(user)).toHaveLength(2)
    await attach(SIDE, false)
  })

  test('begins no more once it has lost the flag, and stays with those who have it', async () => {
    const [before, after] = [newUser(), newUser()]
    await consume(before)
    await attach('plan_free', false)
    expect(await consume(after)).toMatchObject({ reason: 'no_subscription' })
    expect((await usageOf(after)).status).toBe(404)
    expect(await consume(before)).toMatchObject({ outcome: 'allowed' })
    await attach('plan_free', true)
    expect(await consume(after)).toMatchObject({ outcome: 'allowed' })
  })

  test('begins anew for a user who was erased', async () => {
    const user = newUser()
    await consume(user, 60)
    const [first] = await subscriptionsOf(user)
    await world.call('PUT', `/subscriptions/${first?.id}/cancellation`, {
      user,
      body: { when: 'now' },
    })
    const parts = {
      databaseUrl: world.database.url,
      stripe: world.stripe,
      temporal: world.container.temporal.client,
    }
    expect(await eraseUser(parts, user, world.clock.now())).toMatchObject({ kind: 'erased' })
    expect(await consume(user)).toMatchObject({ outcome: 'allowed', used_amount: 1 })
    const [second, ...others] = await subscriptionsOf(user)
    expect(others).toEqual([])
    expect(second?.id).not.toBe(first?.id)
  })
})

test('costs customers with a subscription no statement more', async () => {
  const { user } = await subscribe(world, 'plan_free')
  const asked: string[] = []
  const { plans: repository } = world.container.repositories
  const listAutoAttached = repository.listAutoAttached
  Object.assign(repository, {
    listAutoAttached: () => {
      asked.push('attached')
      return listAutoAttached()
    },
  })
  await consume(user)
  await consume(user, 1_000)
  expect(asked).toEqual([])
  Object.assign(repository, { listAutoAttached })
})

describe('a plan may not begin by itself', () => {
  const fieldsOf = (reply: { body: { errors?: { field: string }[] } }) =>
    reply.body.errors?.map(({ field }) => field)
  const definition = { name: 'Own', rank: 3, auto_attach: true }

  test('beside another of its product line, with a price, or as an add-on', async () => {
    expect(fieldsOf(await plans('plan_second_free', definition))).toEqual(['auto_attach'])
    const line = { ...definition, product_line: 'line' }
    expect(fieldsOf(await plans('addon_free', { ...line, kind: 'addon' }))).toEqual(['auto_attach'])
    await sell(world, { slug: 'plan_line_paid', priceMinor: 500, productLine: 'line' })
    expect(fieldsOf(await plans('plan_line_paid', line))).toEqual(['auto_attach'])
  })

  test('and be sold at a price afterwards', async () => {
    const terms = {
      period: 'monthly',
      price: { amount_minor: 900, currency: 'usd' },
      features: [MESSAGES],
    }
    const versions = '/admin/plans/plan_free/versions'
    const { body } = await world.call('POST', versions, { headers: OPERATOR, body: terms })
    const publish = await world.call('PUT', `${versions}/${body.version}/publication`, {
      headers: OPERATOR,
      body: {},
    })
    expect(fieldsOf(publish)).toEqual(['price.amount_minor'])
  })
})
