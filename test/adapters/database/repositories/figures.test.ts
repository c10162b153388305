import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Discount, Subscription } from '../../../../domain/subscription/subscription.ts'
import { changesBetween } from '../../../../domain/subscription/timeline.ts'
import { withFacts, type GivenFacts } from '../../../support/builders.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { at, days, storeCustomer } from '../../../support/figures.ts'
import {
  aWrite,
  getPlan,
  storeActive,
  storePlan,
  storeSubscription,
} from '../../../support/rows.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const figures = () => database.repositories.figures
const customer = (
  ...given: Parameters<typeof storeCustomer> extends [unknown, ...infer Rest] ? Rest : never
) => storeCustomer(database, ...given)

const aDiscount = (given: Partial<Discount>): Discount => ({
  couponId: 'SPRING',
  promotionCode: null,
  percentOff: null,
  amountOffMinor: null,
  currency: null,
  endsAt: null,
  ...given,
})

describe('the overview', () => {
  beforeEach(async () => {
    await database.pool.query(
      'truncate usage_alerts, feature_usage, usage_events, subscription_changes, subscriptions cascade',
    )
  })
  const mrr = async () => (await figures().overview(at)).revenue

  test('has every figure, and each is empty without subscriptions', async () => {
    expect(await figures().overview(at)).toEqual({
      statuses: [],
      revenue: [],
      plans: [],
      trialsEnding: 0,
      leaving: 0,
      churn: { customersBefore: 0, customersLost: 0, revenue: [] },
      days: [],
      hotSpots: [],
    })
  })

  test('counts the revenue of active and past due subscriptions only', async () => {
    await customer('trialing')
    await customer('paused')
    await customer('canceled')
    expect(await mrr()).toEqual([])
    await customer('active')
    await customer('past_due')
    expect(await mrr()).toEqual([{ currency: 'usd', mrrMinor: 4_000, pastDueMinor: 2_000 }])
  })

  test('multiplies revenue by the quantity', async () => {
    await customer('active', { quantity: 3 })
    expect(await mrr()).toMatchObject([{ mrrMinor: 6_000 }])
  })

  test('counts a twelfth of a yearly price, rounded half up', async () => {
    const { price } = await getPlan(database.repositories, 'plan_pro_yearly')
    await customer('active', { plan: 'plan_pro_yearly', quantity: 7 })
    const [{ mrrMinor } = { mrrMinor: 0 }] = await mrr()
    expect(mrrMinor).toBe(Math.floor((price.amountMinor * 7) / 12 + 0.5))
  })

  test.each([
    { period: '3 months', comesTo: 1_000 },
    { period: '2 years', comesTo: 125 },
    // 3000 a week is 3000 × 30.4375 / 7 a month.
    { period: '1 week', comesTo: 13_045 },
    { period: '30 days', comesTo: 3_044 },
  ] as const)('counts the share of a month of a price for $period', async ({ period, comesTo }) => {
    const plan = await storePlan(database, { quotaLimit: 1, period, priceMinor: 3_000 })
    await customer('active', { plan: plan.slug })
    expect(await mrr()).toMatchObject([{ mrrMinor: comesTo }])
  })

  test('adds the add-ons, and takes a discount off the sum', async () => {
    const plan = await storePlan(database, { quotaLimit: 1, priceMinor: 1_000 })
    const addons = [{ planVersionId: plan.id, quantity: 3, stripeItemId: 'si_addon' }]
    await customer('active', { quantity: 2, addons })
    expect(await mrr()).toMatchObject([{ mrrMinor: 7_000 }])
    await customer('active', { quantity: 2, addons, discount: aDiscount({ percentOff: 50 }) })
    expect(await mrr()).toMatchObject([{ mrrMinor: 10_500 }])
  })

  test.each([
    { name: 'a share', discount: aDiscount({ percentOff: 12.5 }), comesTo: 1_750 },
    {
      name: 'an amount',
      discount: aDiscount({ amountOffMinor: 501, currency: 'usd' }),
      comesTo: 1_499,
    },
    {
      name: 'an amount of another currency, which is none',
      discount: aDiscount({ amountOffMinor: 501, currency: 'eur' }),
      comesTo: 2_000,
    },
    {
      name: 'an expired discount, which counts as none',
      discount: aDiscount({ percentOff: 50, endsAt: days(-1) }),
      comesTo: 2_000,
    },
    {
      name: 'a discount without an end',
      discount: aDiscount({ percentOff: 50, endsAt: days(1) }),
      comesTo: 1_000,
    },
  ])('takes off $name', async ({ discount, comesTo }) => {
    await customer('active', { discount })
    expect(await mrr()).toMatchObject([{ mrrMinor: comesTo }])
  })

  test('never counts negative revenue, whatever the discount', async () => {
    await customer('active', {
      discount: aDiscount({ amountOffMinor: 9_000, currency: 'usd' }),
    })
    expect(await mrr()).toEqual([])
    await customer('active')
    expect(await mrr()).toMatchObject([{ mrrMinor: 2_000 }])
  })

  describe('churn', () => {
    const churn = async () => (await figures().overview(at)).churn
    const old = (...[status, given]: Parameters<typeof customer>) =>
      customer(status, { began: days(-40), ...given })
    const change = async (before: Subscription, facts: GivenFacts, on = days(-10)) => {
      const after = withFacts(before, { ...facts, userId: before.userId })
      const changes = changesBetween(before, after, on)
      const held = { ...before, observedSeq: before.observedSeq + 1 }
      const saved = await database.repositories.subscriptions.save(
        aWrite(held, { after, changes, at: on }),
      )
      expect(saved).toBe('saved')
      return { ...after, observedSeq: held.observedSeq }
    }
    const END = { status: 'canceled', endedAt: days(-10) } as const
    const usd = (beforeMinor: number, lostMinor: number, grownMinor = 0) => [
      { currency: 'usd', beforeMinor, lostMinor, grownMinor },
    ]

    test('is the share of paying customers and of their revenue that was lost', async () => {
      await old('active', { quantity: 3 })
      await change(await old('active'), END)
      // Neither a customer that left before, nor one that came since.
      await change(await old('active'), { ...END, endedAt: days(-35) }, days(-35))
      await change(await customer('active', { began: days(-20) }), END)
      expect(await churn()).toEqual({
        customersBefore: 2,
        customersLost: 1,
        revenue: usd(8_000, 2_000),
      })
    })

    test('counts neither trials nor free subscriptions', async () => {
      await change(await old('trialing'), END)
      await old('trialing')
      await change(await old('active', { plan: 'plan_free' }), END)
      await old('active', { plan: 'plan_free' })
      expect(await churn()).toEqual({ customersBefore: 0, customersLost: 0, revenue: [] })
    })

    test('counts a trial from the day on which it is paid', async () => {
      await change(await old('trialing'), { status: 'active' })
      await change(await old('trialing'), { status: 'active' }, days(-31))
      expect(await churn()).toEqual({
        customersBefore: 1,
        customersLost: 0,
        revenue: usd(2_000, 0),
      })
    })

    test('counts a change to a free plan and a pause as losses', async () => {
      const free = await getPlan(database.repositories, 'plan_free')
      await change(await old('active'), { planVersionId: free.id })
      await change(await old('active'), { status: 'paused' })
      expect(await churn()).toMatchObject({ customersLost: 2, revenue: usd(4_000, 4_000) })
    })

    test('counts fewer units as lost revenue and more units as growth, but no customer', async () => {
      await change(await old('active', { quantity: 3 }), { quantity: 1 })
      await change(await old('active'), { quantity: 2 })
      expect(await churn()).toEqual({
        customersBefore: 2,
        customersLost: 0,
        revenue: usd(8_000, 4_000, 2_000),
      })
    })

    test('loses no customer who ended and bought again', async () => {
      const { userId } = await change(await old('active'), END)
      await customer('active', { began: days(-3), userId })
      expect(await churn()).toEqual({
        customersBefore: 1,
        customersLost: 0,
        revenue: usd(2_000, 0),
      })
    })

    test('keeps a customer who is past due, and one with a discount of 100 %', async () => {
      await old('past_due')
      await old('active', { discount: aDiscount({ percentOff: 100 }) })
      expect(await churn()).toMatchObject({ customersBefore: 2, customersLost: 0 })
    })

    test('does not count the same loss again when later entries follow', async () => {
      const paused = await change(await old('active'), { status: 'paused' }, days(-20))
      await change(paused, END, days(-10))
      expect(await churn()).toMatchObject({ customersLost: 1, revenue: usd(2_000, 2_000) })
    })
  })

  test('counts statuses, plans, trials that end soon, and scheduled cancellations', async () => {
    await customer('trialing', { trialEnd: days(6) })
    await customer('trialing', { trialEnd: days(8) })
    await customer('active', { cancelAt: days(25) })
    await customer('paused')
    await customer('canceled')
    const found = await figures().overview(at)
    expect(found.statuses).toEqual([
      { status: 'active', count: 1 },
      { status: 'canceled', count: 1 },
      { status: 'paused', count: 1 },
      { status: 'trialing', count: 2 },
    ])
    expect(found).toMatchObject({ trialsEnding: 1, leaving: 1 })
    expect(found.plans).toMatchObject([
      { slug: 'plan_pro_monthly', active: 1, trialing: 2, pastDue: 0, other: 1, mrrMinor: 2_000 },
    ])
  })

  test('counts starts and ends by day, without checkouts that were never paid', async () => {
    await customer('active', { began: new Date('2026-02-27T23:59:00Z') })
    await customer('canceled', {
      began: new Date('2026-02-27T01:00:00Z'),
      endedAt: new Date('2026-02-28T00:00:00Z'),
    })
    await storeSubscription(database.repositories, { at: days(-1) })
    expect((await figures().overview(at)).days).toEqual([
      { day: '2026-02-27', started: 2, ended: 0 },
      { day: '2026-02-28', started: 0, ended: 1 },
    ])
  })

  test('shows customers above a threshold of an open window, the fullest first', async () => {
    const plan = await storePlan(database, { quotaLimit: 10 })
    const user = async (used: number, began = at) => {
      const { userId } = await storeActive(database.repositories, { plan, at: began })
      const request = { userId, feature: 'messages_sent', amount: used, key: randomUUID() }
      await database.repositories.usage.consume([request], began)
      return userId
    }
    await user(7)
    const near = await user(8)
    const full = await user(10)
    await user(10, days(-60))
    const { hotSpots } = await figures().overview(at)
    expect(hotSpots.map(({ userId, usedAmount }) => [userId, usedAmount])).toEqual([
      [full, 10],
      [near, 8],
    ])
    expect(hotSpots[0]).toMatchObject({ feature: 'messages_sent', quotaLimit: 10, plan: 'Test' })
    expect(hotSpots[0]?.windowEnd).toBeInstanceOf(Date)
  })

  test('shows no customer whose usage was released below the threshold since', async () => {
    const plan = await storePlan(database, { quotaLimit: 10 })
    const { userId } = await storeActive(database.repositories, { plan, at })
    const use = (amount: number) => ({
      userId,
      feature: 'messages_sent',
      amount,
      key: randomUUID(),
    })
    await database.repositories.usage.consume([use(8)], at)
    expect((await figures().overview(at)).hotSpots).toHaveLength(1)
    await database.repositories.usage.consume([use(-8)], at)
    expect((await figures().overview(at)).hotSpots).toEqual([])
  })
})
