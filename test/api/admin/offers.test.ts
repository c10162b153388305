import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlanOfVersions, askOperator, migrate } from '../../support/migrations.ts'
import { newUser, subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const OFFER = {
  period: 'monthly',
  price: { amount_minor: 1_234, currency: 'usd' },
  features: [{ code: 'messages_sent', quota_limit: 5_000 }],
  reason: 'pilot',
}
const inDays = (days: number) =>
  new Date(world.clock.now().getTime() + days * 86_400_000).toISOString()

describe('an offer for one user', () => {
  test('gives only this user its price and limits', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000, quota: 100 })
    const user = newUser()
    const path = `/users/${user}/plans/${slug}`
    const offered = await askOperator(world, 'PUT', path, OFFER)
    expect(offered).toMatchObject({ status: 200, body: { version: 2, custom_for: user } })
    expect((await askOperator(world, 'PUT', path, OFFER)).body.version).toBe(2)
    const grace = await subscribe(world, slug, { user })
    const ada = await subscribe(world, slug)
    expect((await grace.read()).plan).toMatchObject({ version: 2, price: { amount_minor: 1_234 } })
    expect((await grace.stripeInvoices())[0]).toMatchObject({ amount_paid: 1_234 })
    expect(await grace.usage()).toMatchObject({ quota_limit: 5_000 })
    expect((await ada.read()).plan).toMatchObject({ version: 1 })
    const shownTo = async (userId: string) =>
      (await world.call('GET', '/plans', { user: userId })).body.plans.filter(
        (plan: { slug: string }) => plan.slug === slug,
      )
    expect(await shownTo(user)).toMatchObject([
      {
        version: 1,
        price: { amount_minor: 2_000 },
        offer: { version: 2, price: OFFER.price, features: OFFER.features, ends_at: null },
      },
    ])
    expect(await shownTo(ada.user)).toMatchObject([{ version: 1, offer: null }])
    const { body } = await askOperator(world, 'GET', '/catalogue/changes?limit=1')
    expect(body.changes[0]).toMatchObject({
      kind: 'version_offered',
      after: { customFor: user, because: 'pilot' },
    })
  })

  test('can be reached by a plan change, which charges the previewed amount', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const who = await subscribe(world, slug)
    const price = { amount_minor: 6_000, currency: 'usd' }
    await askOperator(world, 'PUT', `/users/${who.user}/plans/${slug}`, { ...OFFER, price })
    const { body: preview } = await who.ask('POST', '/plan/preview', { plan_id: slug })
    expect(preview).toMatchObject({ when: 'now', next_price: price })
    await who.ask('PUT', '/plan', { plan_id: slug, proration_date: preview.proration_date })
    await world.settled()
    expect((await who.read()).plan).toMatchObject({ version: 2 })
    expect((await who.stripeInvoices())[0]).toMatchObject({
      amount_paid: preview.amount_due.amount_minor,
    })
  })

  test('ends, and a subscription returns to the version on sale at the end of its period', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const user = newUser()
    await askOperator(world, 'PUT', `/users/${user}/plans/${slug}`, { ...OFFER, until: inDays(40) })
    const who = await subscribe(world, slug, { user })
    await world.container.endOffers(world.clock.now())
    expect((await who.read()).pending_change).toBeNull()
    await world.advanceTo(new Date(new Date((await who.read()).period.end).getTime() + 7_200_000))
    for (const _ of [1, 2]) await world.container.endOffers(world.clock.now())
    expect((await who.read()).pending_change).toMatchObject({ kind: 'scheduled', version: 1 })
    await world.advanceTo(new Date(new Date((await who.read()).period.end).getTime() + 7_200_000))
    expect((await who.read()).plan).toMatchObject({ version: 1, price: { amount_minor: 2_000 } })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 2_000 })
  })

  test('ends also for a subscription that is canceled years ahead, whatever its user withdraws', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const user = newUser()
    await askOperator(world, 'PUT', `/users/${user}/plans/${slug}`, { ...OFFER, until: inDays(20) })
    const who = await subscribe(world, slug, { user })
    const isEnding = async () =>
      expect((await who.read()).pending_change).toMatchObject({ kind: 'scheduled', version: 1 })
    await isEnding()
    // No round comes between this and the end of the period.
    await who.ask('PUT', '/cancellation', { when: inDays(3 * 365) })
    await isEnding()
    expect(await who.ask('DELETE', '/plan/pending')).toMatchObject({
      status: 409,
      body: { code: 'offer_ends' },
    })
    await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'period_end' })
    expect((await who.read()).pending_change).toMatchObject({ plan: 'plan_enterprise' })
    expect(await who.ask('DELETE', '/plan/pending')).toMatchObject({ status: 200 })
    await isEnding()
    await who.ask('PUT', '/cancellation', { when: 'period_end' })
    expect((await who.read()).pending_change).toBeNull()
    await who.ask('DELETE', '/cancellation')
    await isEnding()
    await world.advanceTo(new Date(new Date((await who.read()).period.end).getTime() + 7_200_000))
    expect((await who.read()).plan).toMatchObject({ version: 1 })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 2_000 })
  })

  test('ends also for a user who takes fewer units, which does not renew its price', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const user = newUser()
    await askOperator(world, 'PUT', `/users/${user}/plans/${slug}`, { ...OFFER, until: inDays(20) })
    const who = await subscribe(world, slug, { user, body: { quantity: 3 } })
    expect(await who.ask('PUT', '/items', { quantity: 2 })).toMatchObject({
      status: 200,
      body: { pending_change: { kind: 'scheduled', version: 1, quantity: 2 } },
    })
    expect(await who.ask('DELETE', '/plan/pending')).toMatchObject({ status: 200 })
    expect((await who.read()).pending_change).toMatchObject({ version: 1, quantity: 3 })
    await who.ask('PUT', '/plan', { plan_id: slug, quantity: 2, when: 'period_end' })
    await world.advanceTo(new Date(new Date((await who.read()).period.end).getTime() + 7_200_000))
    expect((await who.read()).plan).toMatchObject({ version: 1 })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 2 * 2_000 })
  })

  test('can be withdrawn once, is kept by its subscription, and cannot be the target of a migration', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({})
    const who = await subscribe(world, slug)
    const path = `/users/${who.user}/plans/${slug}`
    const free = { amount_minor: 0, currency: 'usd' }
    await askOperator(world, 'PUT', path, { ...OFFER, price: free })
    await expect(
      migrate(world, { from: [{ plan: slug, version: 1 }], to: { plan: slug, version: 2 } }),
    ).rejects.toThrow('plan_version_custom')
    await who.ask('PUT', '/plan', { plan_id: slug })
    expect(await askOperator(world, 'DELETE', path)).toMatchObject({ body: { state: 'retired' } })
    expect(await askOperator(world, 'DELETE', path)).toMatchObject({ status: 404 })
    expect((await who.read()).plan).toMatchObject({ version: 2 })
  })

  test('with invalid fields is refused and names each of them', async () => {
    const path = '/users/ada/plans/plan_pro_monthly'
    expect(
      await askOperator(world, 'PUT', path, { ...OFFER, until: '2020-01-01T00:00:00Z' }),
    ).toMatchObject({ status: 422, body: { errors: [{ field: 'until' }] } })
    expect(await askOperator(world, 'PUT', path, { ...OFFER, features: [] })).toMatchObject({
      status: 422,
      body: { code: 'plan_version_incomplete', errors: [{ field: 'features' }] },
    })
    expect(
      await askOperator(world, 'PUT', path, { ...OFFER, features: [{ code: 'nothing' }] }),
    ).toMatchObject({ body: { code: 'plan_version_invalid' } })
    expect(await askOperator(world, 'PUT', '/users/ada/plans/plan_none', OFFER)).toMatchObject({
      status: 404,
    })
  })
})
