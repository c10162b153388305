import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eraseUser } from '../../sync/erase-user.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { sell } from '../support/plans.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ moneyBack: { onFullRefund: 'keep', onDispute: 'cancel' } })
})
afterAll(() => world.close())

const daysAfter = (instant: string, days: number) =>
  new Date(new Date(instant).getTime() + days * 86_400_000)
/** Renews the subscription by time. */
async function renew(who: Customer) {
  const { period } = await who.read()
  await world.advanceTo(daysAfter(period.end, 1))
  await until('it renewed', async () => (await who.read()).period.start === period.end)
}

describe('usage beyond the quota of a plan with `overage: bill`', () => {
  const OVERAGE_CENTS = 3
  beforeAll(async () => {
    await sell(world, { slug: 'plan_metered', priceMinor: 1_000, overage: 'bill' })
    const meter = await world.stripe.billing.meters.create({
      display_name: 'Messages',
      event_name: 'messages_sent',
      default_aggregation: { formula: 'sum' },
    })
    const product = await world.stripe.products.create({ name: 'Messages' })
    const recurring = { usage_type: 'metered', meter: meter.id } as const
    const price = { currency: 'usd', unit_amount: OVERAGE_CENTS, product: product.id }
    await world.stripe.prices.create({ ...price, recurring: { interval: 'month', ...recurring } })
    await world.stripe.prices.create({ ...price, recurring: { interval: 'year', ...recurring } })
    const yearly = { priceMinor: 10_000, period: 'yearly', rank: 13 } as const
    await sell(world, { slug: 'plan_metered_yearly', overage: 'bill', ...yearly })
    await sell(world, { slug: 'plan_refusing_yearly', ...yearly })
  })
  /** Uses 115 of 100, renews, and returns the amount of the renewal. */
  async function useBeyond(who: Customer) {
    await who.consume(115)
    await world.container.reportOverage(world.clock.now())
    const { period } = await who.read()
    await renew(who)
    const bills = await who.stripeInvoices()
    return bills.find(({ period_end: end }) => end === Date.parse(period.end) / 1_000)?.total
  }

  test('is on the invoice after a checkout', async () => {
    const who = await subscribe(world, 'plan_metered')
    expect(await useBeyond(who)).toBe(1_000 + 15 * OVERAGE_CENTS)
  })

  /** The metered usage on the subscription's latest invoice; 0 without one. */
  const meteredOnLast = async (who: Customer) => {
    const [last] = await who.stripeInvoices()
    const lines = last?.lines.data.filter(({ quantity }) => quantity === 15) ?? []
    return lines.reduce((sum, { amount }) => sum + amount, 0)
  }
  /** All metered usage on the subscription's invoices. */
  const usageCharged = async (who: Customer) => {
    const lines = (await who.stripeInvoices()).flatMap((each) => each.lines.data)
    return lines
      .filter(({ quantity }) => quantity === 15)
      .reduce((sum, { amount }) => sum + amount, 0)
  }
  /** A customer who has just used 115 of 100, a minute after the start. */
  async function usedBeyond() {
    const who = await subscribe(world, 'plan_metered')
    await world.advanceTo(new Date(world.clock.now().getTime() + 60_000))
    await who.consume(115)
    return who
  }
  const endings: Record<string, (who: Customer) => Promise<unknown>> = {
    'now, just after the use': (who) => who.ask('PUT', '/cancellation', { when: 'now' }),
    'by an operator’s force': (who) =>
      world.call('POST', `/admin/subscriptions/${who.id}/force-cancellation`, {
        headers: { authorization: 'Bearer bk_dev_operator' },
        body: { reason: 'a test' },
      }),
    'for a free plan, now': (who) =>
      who.ask('PUT', '/plan', { plan_id: 'plan_free', when: 'now' }, { operator: true }),
    'at the end of the period': async (who) => {
      const { body } = await who.ask('PUT', '/cancellation', { when: 'period_end' })
      await world.container.reportOverage(world.clock.now())
      await world.advanceTo(new Date(Date.parse(body.period.end) + 3_600_000))
    },
  }
  test.each(Object.keys(endings))(
    'is on the last invoice if the subscription ends %s',
    async (end) => {
      const who = await usedBeyond()
      await endings[end]!(who)
      await world.settled()
      expect((await who.stripe()).status).toBe('canceled')
      expect(await meteredOnLast(who)).toBe(15 * OVERAGE_CENTS)
      const own = await who.stripeInvoices()
      expect(own.filter(({ amount_paid }) => amount_paid === 15 * OVERAGE_CENTS)).toHaveLength(1)
    },
  )

  test('is on the last invoice once, however often the subscription is ended, and no time is credited', async () => {
    const who = await usedBeyond()
    await Promise.all([1, 2, 3].map(() => who.ask('PUT', '/cancellation', { when: 'now' })))
    await world.settled()
    expect((await who.stripeInvoices()).map(({ total }) => total)).toEqual([
      15 * OVERAGE_CENTS,
      1_000,
    ])
  })

  test.each(['plan_metered_yearly', 'plan_refusing_yearly'])(
    'is on the invoice of a change from months to years now, as the preview says (%s)',
    async (plan_id) => {
      const who = await usedBeyond()
      const preview = await who.ask('POST', '/plan/preview', { plan_id, when: 'now' })
      const { proration_date } = preview.body
      const changed = await who.ask('PUT', '/plan', { plan_id, when: 'now', proration_date })
      expect(changed.body).toMatchObject({ status: 'active', plan: { slug: plan_id } })
      expect(await meteredOnLast(who)).toBe(15 * OVERAGE_CENTS)
      const [invoice] = await who.stripeInvoices()
      expect(preview.body.amount_due.amount_minor).toBe(invoice?.amount_paid)
      await world.settled()
      expect(await usageCharged(who)).toBe(15 * OVERAGE_CENTS)
    },
  )

  test.each(['plan_metered_yearly', 'plan_refusing_yearly'])(
    'is on the invoice of a change from months to years at the end of the period (%s)',
    async (plan_id) => {
      const who = await usedBeyond()
      await who.ask('PUT', '/plan', { plan_id, when: 'period_end' })
      await world.container.reportOverage(world.clock.now())
      await renew(who)
      expect(await who.read()).toMatchObject({ plan: { slug: plan_id } })
      expect(await usageCharged(who)).toBe(15 * OVERAGE_CENTS)
    },
  )

  test('before a pause is charged once', async () => {
    const who = await usedBeyond()
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(daysAfter(world.clock.now().toISOString(), 40))
    await who.ask('DELETE', '/pause')
    await renew(who)
    expect(await usageCharged(who)).toBe(15 * OVERAGE_CENTS)
  })

  test('is on the last invoice after a dispute that ends the subscription', async () => {
    const who = await usedBeyond()
    const [first] = await who.stripeInvoices()
    const { data } = await world.stripe.invoicePayments.list({ invoice: first!.id })
    const paid = data[0]!.payment.payment_intent
    if (typeof paid !== 'string') throw new Error('the invoice has no payment')
    const intent = await world.stripe.paymentIntents.retrieve(paid)
    await fetch(`${world.simulator.url}/_simulator/disputes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ charge: intent.latest_charge }),
    })
    await until('the end', async () => (await who.read()).status === 'canceled')
    expect(await usageCharged(who)).toBe(15 * OVERAGE_CENTS)
  })

  test('stays on the last invoice after its user is erased, who must have ended before', async () => {
    const who = await usedBeyond()
    const invoices = await who.stripeInvoices()
    const erase = () =>
      eraseUser(
        {
          databaseUrl: world.database.url,
          stripe: world.stripe,
          temporal: world.container.temporal.client,
        },
        who.user,
        world.clock.now(),
      )
    expect((await erase()).kind).toBe('live')
    const { id } = await who.stripe()
    await who.ask('PUT', '/cancellation', { when: 'now' })
    await world.settled()
    expect((await erase()).kind).toBe('erased')
    const { data } = await world.stripe.invoices.list({ subscription: id })
    expect(data).toHaveLength(invoices.length + 1)
    expect(data[0]?.amount_paid).toBe(15 * OVERAGE_CENTS)
  })

  test('is in the preview of a cancellation, which equals the last invoice', async () => {
    const who = await usedBeyond()
    const { period } = await who.read()
    const preview = (when: string) => who.ask('POST', '/cancellation/preview', { when })
    const due = { amount_minor: 15 * OVERAGE_CENTS, currency: 'usd' }
    expect(await preview('period_end')).toMatchObject({
      status: 200,
      body: {
        ends_at: period.end,
        access_until: period.end,
        invoiced_at: period.end,
        amount_due: due,
        credited: { amount_minor: 0 },
      },
    })
    const later = daysAfter(period.end, 10).toISOString()
    expect((await preview(later)).body).toMatchObject({ ends_at: later, invoiced_at: period.end })
    const { body } = await preview('now')
    expect(body).toMatchObject({ amount_due: due, lines: [{ amount_minor: due.amount_minor }] })
    expect(await who.read()).toMatchObject({ status: 'active', cancel_at: null })
    await who.ask('PUT', '/cancellation', { when: 'now' })
    const [last] = await who.stripeInvoices()
    expect(last).toMatchObject({
      amount_due: due.amount_minor,
      billing_reason: 'subscription_update',
    })
  })

  test('is in the preview of a change to a free plan now', async () => {
    const who = await usedBeyond()
    const change = { plan_id: 'plan_free', when: 'now' }
    const preview = await who.ask('POST', '/plan/preview', change, { operator: true })
    expect(preview.body.amount_due.amount_minor).toBe(15 * OVERAGE_CENTS)
  })

  test('is on the invoice after a change now, and after one at the end of the period', async () => {
    const now = await subscribe(world, 'plan_pro_monthly')
    await now.ask('PUT', '/plan', { plan_id: 'plan_metered', when: 'now' }, { operator: true })
    expect(await useBeyond(now)).toBe(1_000 + 15 * OVERAGE_CENTS)
    const later = await subscribe(world, 'plan_enterprise')
    await later.ask('PUT', '/plan', { plan_id: 'plan_metered', when: 'period_end' })
    await renew(later)
    expect(await useBeyond(later)).toBe(1_000 + 15 * OVERAGE_CENTS)
  })
})
