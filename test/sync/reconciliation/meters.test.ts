import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf } from '../../../adapters/stripe/reading/ids.ts'
import { audit } from '../../../adapters/database/postgres/audit.ts'
import { subscribe, type Customer } from '../../support/customer.ts'
import { askOperator } from '../../support/migrations.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

const LIMIT = 10
const CENTS = 7
const HOUR_MS = 3_600_000

let world: World
beforeAll(async () => {
  world = await createWorld()
  for (const [slug, cents] of [
    ['plan_metered', CENTS],
    ['plan_metered_more', CENTS],
  ] as const) {
    await askOperator(world, 'PUT', `/plans/${slug}`, { name: slug, rank: 15 })
    await askOperator(world, 'POST', `/plans/${slug}/versions`, {
      period: 'monthly',
      price: { amount_minor: slug === 'plan_metered' ? 1_000 : 2_000, currency: 'usd' },
      features: [{ code: 'messages_sent', quota_limit: LIMIT, overage: 'bill' }],
      usage_prices: [
        { feature: 'messages_sent', model: 'per_unit', unit_amount_decimal: String(cents) },
      ],
    })
    await askOperator(world, 'PUT', `/plans/${slug}/versions/1/publication`, {})
  }
})
afterAll(() => world.close())

const report = () => world.container.reportOverage(world.clock.now())
const later = (hours: number) =>
  world.advanceTo(new Date(world.clock.now().getTime() + hours * HOUR_MS))
const beyond = (who: Customer, amount: number) => who.consume(amount)

/** A customer whose limit is used up, with an hour gone by. */
async function aCustomer(): Promise<Customer> {
  const who = await subscribe(world, 'plan_metered')
  await who.consume(LIMIT)
  await later(1)
  return who
}

/** Stripe confirms the reports, and loses them. */
async function loseReports() {
  const { overageReports } = world.container.repositories
  const at = world.clock.now()
  await overageReports.cut(at, 100)
  for (const each of await overageReports.claimDue(at, 100, 1_000))
    await overageReports.markReported(each, at)
}

async function compare(dryRun: boolean) {
  const { reconciliations } = world.container
  const run = { cause: 'test', scope: 'all', dryRun, repairsMax: 100 } as const
  await reconciliations.result(await reconciliations.start(run))
}
const findings = async (who: Customer) =>
  (
    await world.database.pool.query<{ kind: string; state: string; detail: string }>(
      `select kind, state, detail from drift_findings where subscription_id = $1 order by kind`,
      [who.id],
    )
  ).rows
const open = async (who: Customer) =>
  (await findings(who)).filter(({ state }) => state === 'open').map(({ kind }) => kind)

async function renewed(who: Customer) {
  const { period } = await who.read()
  await world.advanceTo(new Date(Date.parse(period.end) + 2 * HOUR_MS))
  await until('it renewed', async () => (await who.read()).period.start === period.end)
}
/** The units of usage on all invoices of a customer. */
const charged = async (who: Customer) =>
  (await who.stripeInvoices())
    .flatMap(({ lines }) => lines.data)
    .filter(
      ({ pricing, amount, quantity }) => pricing !== null && amount === (quantity ?? 0) * CENTS,
    )
    .reduce((sum, { quantity }) => sum + (quantity ?? 0), 0)

describe('usage that Stripe’s meter has lost', () => {
  test('is found, sent again once by many comparisons, and on the invoice', async () => {
    const who = await aCustomer()
    await beyond(who, 3)
    await report()
    await later(1)
    await beyond(who, 5)
    await loseReports()
    await later(7)
    await compare(true)
    expect(await open(who)).toEqual(['meter_too_low'])
    expect((await findings(who))[0]?.detail).toMatch(
      /^the meter messages_sent counts 5 less than was reported since /,
    )
    await Promise.all([compare(false), compare(false), compare(false)])
    // The process that was to send it dies; the next one sends it.
    await compare(false)
    await report()
    await compare(false)
    await later(7)
    await compare(false)
    expect(await open(who)).toEqual([])
    await renewed(who)
    expect(await charged(who)).toBe(8)
  })

  test('is left alone for six hours, because Stripe adds reports up with a delay', async () => {
    const who = await aCustomer()
    await beyond(who, 5)
    await loseReports()
    await later(5)
    await compare(false)
    expect(await findings(who)).toEqual([])
  })

  test('is an operator’s finding with the amount once the invoice is final, and stays open', async () => {
    const who = await aCustomer()
    await beyond(who, 5)
    await loseReports()
    await renewed(who)
    await later(7)
    for (const dryRun of [true, false, false]) await compare(dryRun)
    expect(await open(who)).toEqual(['usage_not_billed'])
    expect((await findings(who))[0]?.detail).toMatch(
      /; the invoice is \$0\.35 too low: charge it by hand$/,
    )
    await report()
    expect(await charged(who)).toBe(0)
  })
})

test('usage that the meter counts twice is an operator’s finding, with the credit once it is invoiced', async () => {
  const who = await aCustomer()
  await beyond(who, 4)
  await report()
  await world.stripe.billing.meterEvents.create({
    event_name: 'messages_sent',
    identifier: `twice-${who.id}`,
    payload: { stripe_customer_id: idOf((await who.stripe()).customer) ?? '', value: '4' },
  })
  await later(7)
  for (const dryRun of [true, false, false]) await compare(dryRun)
  expect(await open(who)).toEqual(['meter_too_high'])
  await renewed(who)
  await later(7)
  await compare(false)
  expect((await findings(who)).map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/counts 4 more .*; the invoice is \$0\.28 too high: credit it by hand$/),
  ])
})

describe('the meter agrees with the ledger', () => {
  test.each<[string, (who: Customer) => Promise<unknown>]>([
    [
      'around the end of a period',
      async (who) => {
        const { period } = await who.read()
        await world.moveTo(new Date(Date.parse(period.end) - 1))
        await beyond(who, 2)
        await report()
        await renewed(who)
        await beyond(who, LIMIT + 1)
        await report()
      },
    ],
    [
      'around a change of plan now',
      async (who) => {
        await beyond(who, 2)
        const change = { plan_id: 'plan_metered_more', when: 'now' }
        expect((await who.ask('PUT', '/plan', change)).status).toBe(200)
        await beyond(who, 3)
        await report()
      },
    ],
    [
      'after a cancellation now',
      async (who) => {
        await beyond(who, 2)
        await later(0.01)
        await who.ask('PUT', '/cancellation', { when: 'now' })
        await world.settled()
      },
    ],
  ])('%s', async (_when, act) => {
    const who = await aCustomer()
    await beyond(who, 1)
    await report()
    await act(who)
    await later(7)
    await compare(false)
    expect(await findings(who)).toEqual([])
  })
})

test('the reports still add up to the billed units of each window', async () => {
  expect(await audit(world.database.url)).toEqual([])
})
