import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newUser, subscribe, type Customer } from '../../support/customer.ts'
import { turn } from '../../support/dashboard.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

/** @see https://docs.stripe.com/testing#sepa-direct-debit */
const IBAN = 'DE89370400440532013000'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** The bank answers now instead of in five days. */
async function bankAnswers(who: Customer, succeeds: boolean): Promise<void> {
  const { customer } = await who.stripe()
  await turn(world, 'debits', { customer, succeeds })
  await world.settled()
}
const later = async (days: number) =>
  world.advanceTo(new Date(world.clock.now().getTime() + days * 86_400_000))
const buy = (user = newUser()) => subscribe(world, 'plan_pro_monthly', { user, card: IBAN })
const checkout = (user: string) =>
  world.call('POST', '/subscriptions/checkout', { user, body: { plan_id: 'plan_pro_monthly' } })

describe('a purchase by bank debit', () => {
  test('gives nothing before the bank confirms, then begins once, with one letter', async () => {
    const who = await buy()
    expect(await who.read()).toMatchObject({
      status: 'incomplete',
      has_access: false,
      payment_processing: true,
      checkout: null,
    })
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused' })
    await turn(world, 'deliveries', { action: 'duplicate', times: 3, count: 1_000 })
    await bankAnswers(who, true)
    await world.call('POST', `/subscriptions/${who.id}/sync`, {
      user: who.user,
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
    expect(await who.read()).toMatchObject({
      status: 'active',
      has_access: true,
      payment_processing: false,
    })
    expect(await who.timeline()).toEqual(['checkout_opened', 'payment_processing', 'activated'])
    expect(await who.mails()).toEqual(['Your Pro subscription is active'])
    expect(await who.consume(1)).toMatchObject({ outcome: 'allowed' })
  })

  test('that the bank refuses ends here and at Stripe, with a letter that says so, and can be made again', async () => {
    const who = await buy()
    await bankAnswers(who, false)
    await until('it ended', async () => (await who.read()).status === 'incomplete_expired')
    await world.settled()
    expect(await who.stripe()).toMatchObject({ status: 'canceled' })
    expect((await who.stripeInvoices()).map(({ status }) => status)).toEqual(['void'])
    expect(await who.mails()).toEqual(['Your payment for Pro was refused by your bank'])
    expect(await who.timeline()).toEqual([
      'checkout_opened',
      'payment_processing',
      'expired',
      'payment_refused_by_bank',
    ])
    expect((await checkout(who.user)).status).toBe(201)
  })

  test('cannot be paid a second time, nor be canceled, while the bank decides', async () => {
    const who = await buy()
    const second = await checkout(who.user)
    expect(second).toMatchObject({ status: 409, body: { code: 'payment_processing' } })
    const canceled = await who.ask('PUT', '/cancellation', { when: 'now' })
    expect(canceled).toMatchObject({ status: 409, body: { code: 'payment_processing' } })
    await bankAnswers(who, true)
    expect((await checkout(who.user)).body.code).toBe('subscription_exists')
  })

  test('whose events are all lost is found by time', async () => {
    const who = await buy()
    await turn(world, 'deliveries', { action: 'drop', count: 1_000 })
    await bankAnswers(who, true)
    await fetch(`${world.simulator.url}/_simulator/deliveries`, { method: 'DELETE' })
    await later(1.1)
    await until('it began', async () => (await who.read()).status === 'active')
    expect(await who.read()).toMatchObject({ has_access: true })
  })

  test('beside a free plan leaves the free plan alone, whatever the bank says', async () => {
    const who = await subscribe(world, 'plan_free')
    await buy(who.user)
    expect(await who.read()).toMatchObject({
      status: 'active',
      plan: { slug: 'plan_free' },
      payment_processing: true,
    })
    await bankAnswers(who, false)
    await until('the bank refused', async () => !(await who.read()).payment_processing)
    await world.settled()
    expect(await who.read()).toMatchObject({ status: 'active', plan: { slug: 'plan_free' } })
    expect(await who.stripe()).toMatchObject({ status: 'canceled' })
    expect(await who.timeline()).toContain('payment_refused_by_bank')
    expect(await who.mails()).toContain('Your payment for Pro was refused by your bank')
  })
})

describe('a running subscription by bank debit', () => {
  test('renews without being called past due until the bank refuses', async () => {
    const who = await buy()
    await bankAnswers(who, true)
    const { period } = await who.read()
    await world.advanceTo(new Date(Date.parse(period.end) + 3 * 3_600_000))
    await until('it renewed', async () => (await who.read()).period.start === period.end)
    await until('it is processed', async () => (await who.read()).payment_processing)
    expect(await who.read()).toMatchObject({ status: 'active', has_access: true })
    await bankAnswers(who, false)
    await until('it is past due', async () => (await who.read()).status === 'past_due')
  })

  test('upgrades when the bank confirms, however long that takes', async () => {
    const who = await buy()
    await bankAnswers(who, true)
    const change = { plan_id: 'plan_enterprise', when: 'now' }
    const { body } = await who.ask('PUT', '/plan', change)
    expect(body).toMatchObject({
      plan: { slug: 'plan_pro_monthly' },
      payment_processing: true,
      pending_change: { kind: 'awaiting_payment', payment_url: null },
    })
    expect((await who.ask('DELETE', '/plan/pending')).body.code).toBe('payment_processing')
    await later(2)
    expect(await who.read()).toMatchObject({ pending_change: { kind: 'awaiting_payment' } })
    await later(4)
    await until('it was upgraded', async () => (await who.read()).plan.slug === 'plan_enterprise')
  })
})
