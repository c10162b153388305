import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Discount } from '../../../../domain/subscription/subscription.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { at, days, storeCustomer } from '../../../support/figures.ts'
import { getPlan, storeActive, storePlan, storeSubscription } from '../../../support/rows.ts'

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
      churn: { ended: 0, liveBefore: 0 },
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

  test('counts churn among subscriptions that were live thirty days ago', async () => {
    await customer('active', { began: days(-40) })
    await customer('active', { began: days(-40) })
    await customer('canceled', { began: days(-40), endedAt: days(-10) })
    // Neither subscriptions that ended before, nor those that started and ended since.
    await customer('canceled', { began: days(-80), endedAt: days(-35) })
    await customer('canceled', { began: days(-20), endedAt: days(-2) })
    const { churn } = await figures().overview(at)
    expect(churn).toEqual({ ended: 1, liveBefore: 3 })
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
