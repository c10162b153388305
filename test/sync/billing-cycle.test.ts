import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../support/customer.ts'
import { turn } from '../support/dashboard.ts'
import { until } from '../support/until.ts'
import { daysAfter } from '../support/days.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** @see https://docs.stripe.com/testing#sepa-direct-debit */
const IBAN = 'DE89370400440532013000'
const REFUSED = { outcome: 'refused', reason: 'quota_exceeded' }
describe('a billing cycle that the dashboard begins anew', () => {
  const restart = async (who: Customer) => {
    await world.stripe.subscriptions.update((await who.stripe()).id, {
      billing_cycle_anchor: { type: 'now' },
      proration_behavior: 'none',
    })
    await world.settled()
  }
  const usedUp = async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.consume(10_000)
    expect(await who.consume(1)).toMatchObject(REFUSED)
    const { period } = await who.read()
    await world.advanceTo(daysAfter(period.start, 5))
    return who
  }

  test('opens a new quota window with the period that was charged', async () => {
    const who = await usedUp()
    await restart(who)
    expect((await who.stripeInvoices())[0]).toMatchObject({ amount_paid: 2_000 })
    const { period } = await who.read()
    expect(await who.usage()).toMatchObject({ used_amount: 0, window: period })
    expect(await who.consume(10_000)).toMatchObject({ outcome: 'allowed' })
    // Another reading gives no further quota.
    await who.ask('POST', '/sync', {}, { operator: true })
    expect(await who.consume(1)).toMatchObject(REFUSED)
  })

  test('opens it when the payment that was declined at first is made, and not before', async () => {
    const who = await usedUp()
    await who.cards('declines')
    await restart(who)
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused' })
    await who.cards('succeeds')
    await who.payInvoice()
    await until('it is paid', async () => (await who.read()).status === 'active')
    expect(await who.consume(1)).toMatchObject({ outcome: 'allowed' })
  })

  test('opens it when a bank that took days has paid, and not before', async () => {
    const who = await subscribe(world, 'plan_pro_monthly', { card: IBAN })
    const { customer } = await who.stripe()
    const bankPays = async () => {
      await turn(world, 'debits', { customer, succeeds: true })
      await world.settled()
    }
    await bankPays()
    await who.consume(10_000)
    const { period: first } = await who.read()
    await world.advanceTo(daysAfter(first.start, 5))
    await restart(who)
    expect(await who.read()).toMatchObject({ status: 'active', payment_processing: true })
    expect(await who.consume(1)).toMatchObject(REFUSED)
    await bankPays()
    const { period } = await who.read()
    expect(await who.usage()).toMatchObject({ used_amount: 0, window: period })
    expect(await who.consume(10_000)).toMatchObject({ outcome: 'allowed' })
    // Another reading gives no further quota.
    await who.ask('POST', '/sync', {}, { operator: true })
    expect(await who.consume(1)).toMatchObject(REFUSED)
  })

  test('gives nothing when nothing was paid for it', async () => {
    const who = await usedUp()
    const coupon = await world.stripe.coupons.create({ percent_off: 100, duration: 'forever' })
    await world.stripe.subscriptions.update((await who.stripe()).id, {
      discounts: [{ coupon: coupon.id }],
    })
    await restart(who)
    expect(await who.consume(1)).toMatchObject(REFUSED)
  })
})
