import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../../support/customer.ts'
import { aPlanOfVersions, askOperator } from '../../support/migrations.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const DAY_MS = 86_400_000
const CANCEL = ['PUT', '/cancellation', { when: 'period_end' }] as const
const keep = (who: Customer) => who.ask('DELETE', '/cancellation')

/** Schedules a downgrade and then a cancellation. */
async function leaving(plan_id: string, body: object = {}) {
  const who = await subscribe(world, 'plan_enterprise', { body })
  const { body: scheduled } = await who.ask('PUT', '/plan', { plan_id })
  expect((await who.ask(...CANCEL)).body).toMatchObject({ pending_change: null })
  return { who, change: scheduled.pending_change }
}

describe('a plan change that was scheduled before a cancellation', () => {
  test('returns when the cancellation is withdrawn, and the subscription renews at its price', async () => {
    const { who, change } = await leaving('plan_pro_monthly', { quantity: 2 })
    const { body } = await keep(who)
    expect(body).toMatchObject({ cancel_at: null, pending_change: change })
    expect(body).not.toHaveProperty('dropped_change')
    expect(await who.timeline()).toEqual(
      expect.arrayContaining(['cancellation_withdrawn', 'plan_change_scheduled']),
    )
    await world.advanceTo(new Date(Date.parse(body.period.end) + DAY_MS))
    await until('it renewed', async () => (await who.read()).period.start === body.period.end)
    expect(await who.read()).toMatchObject({ plan: { slug: 'plan_pro_monthly' }, quantity: 2 })
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 4_000 })
  })

  test('returns when the cancellation is withdrawn at Stripe, once, and after a second cancellation', async () => {
    const { who, change } = await leaving('plan_pro_monthly')
    await world.stripe.subscriptions.update((await who.stripe()).id, { cancel_at: '' })
    await world.settled()
    expect(await who.read()).toMatchObject({ cancel_at: null, pending_change: change })
    await who.ask(...CANCEL)
    const both = await Promise.all([keep(who), keep(who)])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    await world.settled()
    expect(await who.read()).toMatchObject({ cancel_at: null, pending_change: change })
  })

  test('to a free plan returns too', async () => {
    const { who, change } = await leaving('plan_free')
    expect((await keep(who)).body).toMatchObject({ cancel_at: null, pending_change: change })
    await world.settled()
    expect(await who.read()).toMatchObject({ cancel_at: null, pending_change: change })
    expect((await who.stripe()).cancel_at_period_end).toBe(true)
  })

  test('does not return if its plan version is no longer offered: the answer, the timeline and a letter say so', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 1_000 })
    const { who } = await leaving(slug)
    await publish({ priceMinor: 1_500 })
    const retired = await askOperator(world, 'DELETE', `/plans/${slug}/versions/1/publication`)
    expect(retired.status).toBeLessThan(500)
    expect((await keep(who)).body).toMatchObject({
      cancel_at: null,
      pending_change: null,
      dropped_change: { plan: slug, because: 'plan_not_offered' },
    })
    expect(await who.timeline()).toContain('plan_change_dropped')
    await world.settled()
    expect(await who.mails()).toContain('Your change to Own does not take effect')
  })

  test('does not return after its time', async () => {
    const { who, change } = await leaving('plan_pro_monthly')
    const end = new Date(Date.parse(change.at) + 10 * DAY_MS)
    await who.ask('PUT', '/cancellation', { when: end.toISOString() })
    await world.advanceTo(new Date(Date.parse(change.at) + DAY_MS))
    await until('it renewed', async () => (await who.read()).period.start === change.at)
    expect((await keep(who)).body).toMatchObject({
      pending_change: null,
      dropped_change: { plan: 'plan_pro_monthly', at: change.at, because: 'time_passed' },
    })
  })

  test('gives way to an upgrade that withdraws the cancellation', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.ask('PUT', '/plan', { plan_id: 'plan_starter' })
    await who.ask(...CANCEL)
    const { body } = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect(body).toMatchObject({ cancel_at: null, pending_change: null })
    await world.settled()
    expect(await who.read()).toMatchObject({
      plan: { slug: 'plan_enterprise' },
      pending_change: null,
    })
    expect(await who.timeline()).not.toContain('plan_change_dropped')
  })
})

test('fewer units do not keep the price of an offer beyond its end', async () => {
  const user = randomUUID()
  await askOperator(world, 'PUT', `/users/${user}/plans/plan_pro_monthly`, {
    period: 'monthly',
    price: { amount_minor: 700, currency: 'usd' },
    features: [{ code: 'messages_sent', quota_limit: 10_000 }],
    until: new Date(world.clock.now().getTime() + 20 * DAY_MS).toISOString(),
    reason: 'a test',
  })
  const who = await subscribe(world, 'plan_pro_monthly', { user, body: { quantity: 3 } })
  const { body } = await who.ask('PUT', '/items', { quantity: 2 })
  expect(body).toMatchObject({ pending_change: { quantity: 2 } })
  await world.advanceTo(new Date(Date.parse(body.period.end) + DAY_MS))
  await until('it renewed', async () => (await who.read()).period.start === body.period.end)
  expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 2 * 2_000 })
})
