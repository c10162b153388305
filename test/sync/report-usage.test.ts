import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../../adapters/telemetry/logger.ts'
import { audit } from '../../adapters/database/postgres/audit.ts'
import { reportOverage } from '../../sync/report-usage.ts'
import { advanceTo, aCustomer, aPrice, aWorld } from '../packages/stripe-simulator/support.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { storeActive, storePlan } from '../support/rows.ts'

const START = '2026-04-01T00:00:00Z'
const logger = createLogger({ level: 'silent', name: 'test' })
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

/** A customer with ten messages a month and three cents for each further one, here and at Stripe. */
async function aCustomerWithOverage() {
  const world = await aWorld({ startsAt: START })
  const { stripe } = world
  const meter = await stripe.billing.meters.create({
    display_name: 'Messages',
    event_name: 'messages_sent',
    default_aggregation: { formula: 'sum' },
  })
  const price = await aPrice(stripe, {
    unit_amount: 3,
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
  })
  const customer = await aCustomer(stripe)
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  const plan = await storePlan(database, { quotaLimit: 10, overage: 'bill' })
  const subscription = await storeActive(database.repositories, { at: new Date(START), plan })
  const { userId } = subscription
  const known = () => database.repositories.customers.recordStripeCustomer(userId, customer.id)
  const use = async (amount: number, when: string) => {
    await advanceTo(world, when)
    await database.repositories.usage.consume(
      [{ userId, feature: 'messages_sent', key: randomUUID(), amount }],
      new Date(when),
    )
  }
  const report = async (when: string) => {
    await advanceTo(world, when)
    return reportOverage(
      {
        stripe,
        environment: 'test',
        ...database.repositories,
        logger,
      },
      new Date(when),
    )
  }
  const states = async () => {
    const { rows } = await database.pool.query<{ state: string; amount: number }>(
      `select state, amount from usage_overage_reports where subscription_id = $1 order by sequence`,
      [subscription.id],
    )
    return rows.map(({ state, amount }) => `${state} ${amount}`)
  }
  const billed = async () => {
    await advanceTo(world, '2026-05-01T02:00:00Z')
    const [invoice] = (await stripe.invoices.list({ subscription: id })).data
    return invoice?.lines.data[0]?.quantity
  }
  const findings = async () => {
    const { rows } = await database.pool.query<{ detail: string }>(
      `select detail from drift_findings where kind = 'usage_not_billed' and subscription_id = $1`,
      [subscription.id],
    )
    return rows.map(({ detail }) => detail)
  }
  const fail = async (fault: object) => {
    const reply = await fetch(`${world.simulator.url}/_simulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...fault, method: 'POST', path: '/v1/billing/meter_events' }),
    })
    expect(reply.ok).toBe(true)
  }
  return { known, use, report, states, billed, fail, findings }
}

describe('billed overage', () => {
  test('is invoiced by Stripe: all of it, once, less what was released', async () => {
    const it = await aCustomerWithOverage()
    await it.known()
    await it.use(8, '2026-04-02T00:00:00Z')
    expect(await it.report('2026-04-02T00:00:01Z')).toBe(0)
    await it.use(52, '2026-04-03T00:00:00Z')
    const instant = '2026-04-03T00:00:01Z'
    await Promise.all([it.report(instant), it.report(instant), it.report(instant)])
    await it.use(-20, '2026-04-04T00:00:00Z')
    await it.report('2026-04-04T00:00:01Z')
    await it.use(5, '2026-04-05T00:00:00Z')
    await it.report('2026-04-05T00:00:01Z')
    expect(await it.states()).toEqual(['reported 50', 'reported -20', 'reported 5'])
    expect(await it.billed()).toBe(35)
  })

  test('whose response was lost is sent again and counted once', async () => {
    const it = await aCustomerWithOverage()
    await it.known()
    await it.use(30, '2026-04-02T00:00:00Z')
    await it.fail({ kind: 'commit_then_reset', count: 2 })
    await it.report('2026-04-02T00:00:01Z')
    await it.report('2026-04-02T00:01:00Z')
    expect(await it.states()).toEqual(['pending 20'])
    await it.report('2026-04-02T01:00:00Z')
    expect(await it.states()).toEqual(['reported 20'])
    expect(await it.billed()).toBe(20)
  })

  test('without a confirmation for a day is left to an operator and not sent again', async () => {
    const it = await aCustomerWithOverage()
    await it.known()
    await it.use(30, '2026-04-02T00:00:00Z')
    await it.fail({ kind: 'commit_then_reset', count: 1 })
    await it.report('2026-04-02T00:00:01Z')
    await it.report('2026-04-03T00:00:01Z')
    expect(await it.states()).toEqual(['failed 20'])
    expect(await it.findings()).toEqual([expect.stringContaining('it was sent for 23 hours')])
    expect(await it.billed()).toBe(20)
  })

  test('of a customer without an id at Stripe waits, and is not lost', async () => {
    const it = await aCustomerWithOverage()
    await it.use(11, '2026-04-02T00:00:00Z')
    await it.report('2026-04-02T00:00:01Z')
    expect(await it.states()).toEqual(['pending 1'])
    await it.known()
    await it.report('2026-04-04T00:00:00Z')
    expect(await it.states()).toEqual(['reported 1'])
  })

  test('agrees with the ledger', async () => {
    expect(await audit(database.url)).toEqual([])
  })
})
