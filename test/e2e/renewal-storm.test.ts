import { afterAll, beforeAll, expect, test } from 'vitest'
import { pay } from '../support/checkout-page.ts'
import { undo } from '../support/dashboard.ts'
import { unpaidCustomer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

/** `STORM_RENEWALS=1000 npx vitest run --project postgres test/e2e/renewal-storm.test.ts` takes some ten minutes. */
const RENEWALS = Number(process.env['STORM_RENEWALS'] ?? 40)
/** Stripe's limit in test mode. */
const ALLOWED_PER_SECOND = 25
/** More than the limit, so that Stripe must refuse some requests. */
const ASKED_PER_SECOND = 40
const RETRY_AFTER_SECONDS = 1
const BUYERS_AT_A_TIME = 10
const HOUR_MS = 3_600_000
/** A purchase and a renewal take some ten requests each at the slower rate; a minute for everything else. */
const PATIENCE_MS = 60_000 + (RENEWALS * 20 * 1_000) / ALLOWED_PER_SECOND

/** Requests to Stripe, with the status of the answer. */
const answers: { readonly method: string; readonly status: number }[] = []
const ANSWER = /^(GET|POST|DELETE) \/v1\S* (\d{3}) /

let world: World
beforeAll(async () => {
  world = await createWorld({
    pace: { requestsPerSecond: ASKED_PER_SECOND },
    stripe: {
      log: (line) => {
        const [, method = '', status = ''] = ANSWER.exec(line) ?? []
        if (method !== '') answers.push({ method, status: Number(status) })
      },
    },
  })
})
afterAll(() => world.close())

async function buy(): Promise<void> {
  const buyer = await unpaidCustomer(world)
  await pay((await buyer.read()).checkout.url)
}

async function buyAll(): Promise<void> {
  let left = RENEWALS
  const buyOneAfterTheOther = async () => {
    while (left-- > 0) await buy()
  }
  await Promise.all(Array.from({ length: BUYERS_AT_A_TIME }, buyOneAfterTheOther))
  await world.settled(PATIENCE_MS)
}

const rowsOf = async <Row>(statement: string): Promise<Row[]> =>
  (await world.database.pool.query(statement)).rows as Row[]

test(
  `${RENEWALS} subscriptions that renew in one second under Stripe's limit: none is lost, nobody is charged twice`,
  async () => {
    await buyAll()
    const [last] = await rowsOf<{ at: Date }>('select max(period_end) as at from subscriptions')
    await limit(ALLOWED_PER_SECOND)
    answers.length = 0
    const beganAt = performance.now()
    await world.moveTo(new Date((last?.at.getTime() ?? NaN) + 2 * HOUR_MS))
    await world.simulator.settle()
    await world.settled(PATIENCE_MS)
    const seconds = (performance.now() - beganAt) / 1_000
    const asked = [...answers]
    await undo(world)

    // In our database: each renewed once, nothing waits, and nothing needs an operator.
    expect(
      await rowsOf(
        `select s.status, count(*)::int, bool_and(s.period_end > '${last?.at.toISOString()}') as renewed
         from subscriptions s group by 1`,
      ),
    ).toEqual([{ status: 'active', count: RENEWALS, renewed: true }])
    expect(
      await rowsOf(
        `select kind, count(*)::int, count(distinct subscription_id)::int as subscriptions
         from subscription_changes group by 1 order by 1`,
      ),
    ).toEqual(
      ['activated', 'checkout_opened', 'renewed'].map((kind) => ({
        kind,
        count: RENEWALS,
        subscriptions: RENEWALS,
      })),
    )
    expect(await rowsOf(`select from drift_findings where state = 'open'`)).toEqual([])
    expect(
      await rowsOf(
        `select status, count(*)::int, count(distinct subscription_id)::int as subscriptions
         from invoices group by 1`,
      ),
    ).toEqual([{ status: 'paid', count: 2 * RENEWALS, subscriptions: RENEWALS }])
    // At Stripe: two charges each, one for each period.
    const charges = new Map<unknown, number>()
    for await (const { customer } of world.stripe.charges.list({ limit: 100 }))
      charges.set(customer, (charges.get(customer) ?? 0) + 1)
    expect(charges.size).toBe(RENEWALS)
    expect(new Set(charges.values())).toEqual(new Set([2]))

    const refused = asked.filter(({ status }) => status === 429).length
    const served = asked.length - refused
    // A renewal only reads from Stripe: Stripe alone moves the money.
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([])
    // Stripe's token bucket starts full. A rate slightly above the limit is refused now and then, not each time.
    expect(served).toBeLessThanOrEqual(ALLOWED_PER_SECOND * (seconds + 2))
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThan(served)
    console.log(
      `${RENEWALS} renewals in ${seconds.toFixed(0)} s: ${served} requests served (${(served / seconds).toFixed(1)}/s), ${refused} refused`,
    )
  },
  4 * PATIENCE_MS,
)

async function limit(per_second: number): Promise<void> {
  const answer = await fetch(`${world.simulator.url}/_simulator/rate_limit`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ per_second, retry_after: RETRY_AFTER_SECONDS }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
