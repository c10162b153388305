import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscribe, type Customer } from '../../support/customer.ts'
import { askOperator } from '../../support/migrations.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ pauseCredit: 'prorated' })
})
afterAll(() => world.close())

const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(world.clock.now().getTime() + days * DAY_MS)
const QUOTA = 10_000
const PRICE_MINOR = 2_000
/** The credit on the customer's balance, in minor units. */
const balanceOf = async (who: Customer) => {
  const { customer } = await who.stripe()
  const found = await world.stripe.customers.retrieve(typeof customer === 'string' ? customer : '')
  return found.deleted === true ? 0 : 0 - found.balance
}
const pause = async (who: Customer) => (await who.ask('PUT', '/pause', {})).body

test('a pause credits the smaller of the unused time and quota, and the resumption charges a new period with a new quota', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await who.consume(QUOTA / 4)
  await world.advanceTo(inDays(3))
  expect(await pause(who)).toMatchObject({ status: 'paused', has_access: false, paused_at: null })
  expect(await balanceOf(who)).toBe((PRICE_MINOR * 3) / 4)
  await world.advanceTo(inDays(2))
  expect((await who.ask('DELETE', '/pause')).body).toMatchObject({ status: 'active' })
  await world.settled()
  expect((await who.stripeInvoices())[0]).toMatchObject({
    total: PRICE_MINOR,
    amount_paid: PRICE_MINOR / 4,
  })
  expect(await who.usage()).toMatchObject({ used_amount: 0 })
  expect(await who.timeline()).toContain('invoice_credited')
})

test('the price of add-ons is credited with the plan’s', async () => {
  await askOperator(world, 'PUT', '/plans/seat_pack', { name: 'Seats', rank: 50, kind: 'addon' })
  await askOperator(world, 'POST', '/plans/seat_pack/versions', {
    period: 'monthly',
    price: { amount_minor: 500, currency: 'usd' },
    features: [{ code: 'seats', quota_limit: 1, per_quantity: true }],
  })
  await askOperator(world, 'PUT', '/plans/seat_pack/versions/1/publication', {})
  const addons = [{ plan_id: 'seat_pack', quantity: 2 }]
  const who = await subscribe(world, 'plan_pro_monthly', { body: { addons } })
  await who.consume(QUOTA / 4)
  await pause(who)
  expect(await balanceOf(who)).toBe(((PRICE_MINOR + 2 * 500) * 3) / 4)
})

test('a pause late in a period that was hardly used credits the unused time', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await who.consume(1)
  await world.advanceTo(inDays(24))
  await pause(who)
  const credit = await balanceOf(who)
  expect(credit).toBeGreaterThan(0)
  expect(credit).toBeLessThan(PRICE_MINOR / 4)
})

test('a used-up quota credits nothing: the clock stops', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await who.consume(QUOTA)
  expect((await pause(who)).paused_at).not.toBeNull()
  await world.advanceTo(inDays(5))
  await who.ask('DELETE', '/pause')
  expect(await balanceOf(who)).toBe(0)
  expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
})

test('what is reserved counts as used', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await world.call('POST', '/usage/reservations', {
    user: who.user,
    body: { feature: 'messages_sent', amount: QUOTA, expires_in: 3_600 },
  })
  expect((await pause(who)).paused_at).not.toBeNull()
  expect(await balanceOf(who)).toBe(0)
})

test('a period that credit has paid is not credited again', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await pause(who)
  const first = await balanceOf(who)
  expect(first).toBeGreaterThan(PRICE_MINOR * 0.99)
  await who.ask('DELETE', '/pause')
  await world.settled()
  await until('the resumption', async () => (await who.read()).status === 'active')
  const left = await balanceOf(who)
  expect((await pause(who)).paused_at).not.toBeNull()
  expect(await balanceOf(who)).toBe(left)
})

test('two pauses at once credit once', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await who.consume(QUOTA / 2)
  await Promise.all([who.ask('PUT', '/pause', {}), who.ask('PUT', '/pause', {})])
  expect(await balanceOf(who)).toBe(PRICE_MINOR / 2)
})
