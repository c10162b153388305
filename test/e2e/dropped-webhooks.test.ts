import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pay } from '../support/checkout-page.ts'
import { priceOf, dashboardCustomer, dashboardSubscription, turn } from '../support/dashboard.ts'
import { newUser, subscribe, unpaidCustomer, type Customer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  // The cursor starts here.
  await catchUp()
})
beforeEach(() => turn(world, 'deliveries', { action: 'drop', count: 1_000_000 }))
afterAll(() => world.close())

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** The worker's job of each minute. */
async function catchUp(): Promise<number> {
  const found = await world.container.tailStripeEvents(world.clock.now(), 0)
  await world.settled()
  return found
}
const moment = (ms: number) => new Date(world.clock.now().getTime() + ms)
const seen = async (who: Customer) => [await who.read(), await who.timeline(), await who.mails()]

describe('while every webhook is lost', () => {
  test('a payment, a cancellation and an import are found within five minutes', async () => {
    const buyer = await unpaidCustomer(world)
    await pay((await buyer.read()).checkout.url)
    const leaver = await subscribe(world, 'plan_free')
    const user = newUser()
    const customer = await dashboardCustomer(world, { perennial_user_id: user })
    const price = await priceOf(world, 'plan_pro_monthly')
    await dashboardSubscription(world, { customer: customer.id, price })
    expect(await buyer.read()).toMatchObject({ status: 'incomplete' })
    await world.advanceTo(moment(4 * MINUTE_MS))
    await catchUp()
    expect(await buyer.read()).toMatchObject({ status: 'active' })
    expect(await buyer.mails()).toHaveLength(1)
    expect((await world.call('GET', '/subscriptions/current', { user })).body.status).toBe('active')
    await world.stripe.subscriptions.cancel((await buyer.stripe()).id)
    await catchUp()
    expect(await buyer.read()).toMatchObject({ status: 'canceled' })
    expect(await leaver.read()).toMatchObject({ status: 'active' })
  })

  test('a day of changes ends in the state at Stripe, and reading it again changes nothing', async () => {
    const renewed = await subscribe(world, 'plan_pro_monthly')
    const declined = await subscribe(world, 'plan_pro_monthly')
    await catchUp()
    const { period } = await renewed.read()
    await declined.cards('declines')
    await world.advanceTo(new Date(new Date(period.end).getTime() - DAY_MS / 2))
    const late = await subscribe(world, 'plan_enterprise')
    await world.stripe.subscriptions.update((await renewed.stripe()).id, {
      metadata: { note: 'by hand' },
    })
    await world.advanceTo(new Date(new Date(period.end).getTime() + 2 * 60 * MINUTE_MS))
    expect(await catchUp()).toBeGreaterThan(0)
    const after = await renewed.read()
    expect(after.period.start).toBe(period.end)
    expect(
      (await world.call('GET', '/invoices', { user: renewed.user })).body.invoices,
    ).toHaveLength(2)
    expect(await declined.read()).toMatchObject({ status: 'past_due' })
    expect(await late.read()).toMatchObject({ status: 'active' })
    const before = await Promise.all([renewed, declined, late].map(seen))
    expect(await catchUp()).toBe(0)
    expect(await Promise.all([renewed, declined, late].map(seen))).toEqual(before)
  })

  test('an event is one row, even if it is read again and its webhook arrives late', async () => {
    const buyer = await subscribe(world, 'plan_pro_monthly')
    await catchUp()
    const { data } = await world.stripe.events.list({ limit: 1 })
    const { rows } = await world.database.pool.query(
      `select count(*)::int as count from stripe_events where event_id = $1`,
      [data[0]!.id],
    )
    expect(rows).toEqual([{ count: 1 }])
    expect(await world.container.tailStripeEvents(world.clock.now(), 0)).toBe(0)
    expect(await buyer.read()).toMatchObject({ status: 'active' })
  })

  test('two workers read the list in turn, and after a month without a worker everything is compared', async () => {
    const { syncCursors } = world.container.repositories
    const at = moment(0)
    const found = await Promise.all([
      world.container.tailStripeEvents(at, MINUTE_MS),
      world.container.tailStripeEvents(at, MINUTE_MS),
    ])
    expect(found).toHaveLength(2)
    // The next attempt is due in a minute.
    expect(await syncCursors.claim('stripe events', at, moment(MINUTE_MS))).toBeUndefined()
  })
})
