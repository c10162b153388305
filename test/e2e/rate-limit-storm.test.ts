import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dashboardCustomer, priceOf, turn, undo } from '../support/dashboard.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

/** Stripe's limit for a live account; 25 is that of a test account, and the default. */
const PER_SECOND = 100
/** What may go at once after a silence, beside the pace. */
const BURST = 5
const PAYERS = 1_000
const SETUP_AT_ONCE = 20
const TIMEOUT_MS = 300_000

let world: World
/** When our service asked Stripe, by the real clock; the simulator's own account of it. */
let askedAt: number[] = []
beforeAll(async () => {
  world = await createWorld({
    pace: { requestsPerSecond: PER_SECOND },
    stripe: { onExchange: () => askedAt.push(performance.now()) },
  })
  await world.container.tailStripeEvents(world.clock.now(), 0)
})
afterAll(() => world.close())

/** Subscriptions that pay at Stripe and have a row here; the workflow of each was lost, so that it begins with what it hears. */
async function payers(): Promise<void> {
  const { stripe, database, clock } = world
  const price = await priceOf(world, 'plan_pro_monthly')
  const made: {
    user: string
    customer: string
    subscription: string
    start: number
    end: number
  }[] = []
  let left = PAYERS
  const maker = async () => {
    while (left-- > 0) {
      const id = randomUUID()
      const user = `storm-${id}`
      const metadata = { perennial_subscription_id: id, perennial_user_id: user }
      const customer = await dashboardCustomer(world, { perennial_user_id: user })
      const held = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price }],
        metadata,
      })
      const [item] = held.items.data
      made.push({
        user,
        customer: customer.id,
        subscription: held.id,
        start: item?.current_period_start ?? 0,
        end: item?.current_period_end ?? 0,
      })
    }
  }
  await Promise.all(Array.from({ length: SETUP_AT_ONCE }, maker))
  const rows = JSON.stringify(made)
  const at = clock.now()
  await database.pool.query(
    `insert into customers (user_id, stripe_customer_id, created_at)
     select m.user, m.customer, $2 from json_to_recordset($1::json) as m("user" text, customer text)`,
    [rows, at],
  )
  await database.pool.query(
    `insert into subscriptions (id, user_id, product_line, plan_version_id, status, anchor, period_start, period_end,
       stripe_subscription_id, created_at, updated_at)
     select substring(m.user from 7)::uuid, m.user, p.product_line, v.id, 'active', to_timestamp(m.start),
       to_timestamp(m.start), to_timestamp(m."end"), m.subscription, $2, $2
     from json_to_recordset($1::json) as m("user" text, subscription text, start float8, "end" float8),
       plan_versions v join plans p on p.id = v.plan_id where p.slug = 'plan_pro_monthly' and v.active`,
    [rows, at],
  )
}

describe(`${PAYERS} subscriptions that are renewed in one second, under a limit of Stripe’s`, () => {
  test(
    'are all taken in, none is lost, each is told once, and Stripe is never asked faster',
    async () => {
      await turn(world, 'deliveries', { action: 'drop', count: 1_000_000 })
      await payers()
      const { rows: ends } = await world.database.pool.query<{ at: Date }>(
        'select max(period_end) as at from subscriptions',
      )
      await world.moveTo(new Date((ends[0]?.at.getTime() ?? 0) + 2 * 3_600_000))
      await world.simulator.settle()
      await undo(world)
      askedAt = []
      const renewed = async () => {
        await world.container.tailStripeEvents(world.clock.now(), 0)
        await world.container.forwardStripeEvents(world.clock.now())
        const { rows } = await world.database.pool.query<{ count: number }>(
          `select count(*) from subscription_changes where kind = 'renewed'`,
        )
        return (rows[0]?.count ?? 0) >= PAYERS
      }
      const calm = async () => {
        await world.container.forwardStripeEvents(world.clock.now())
        await world.container.bookBills(world.clock.now())
        const { rows } = await world.database.pool.query(
          `select from stripe_events where state in ('received', 'forwarded') limit 1`,
        )
        return rows.length === 0
      }
      await until('all are renewed', renewed, TIMEOUT_MS)
      await until('every event is done or parked', calm, TIMEOUT_MS)
      const { rows: told } = await world.database.pool.query<{ times: number; count: number }>(
        `select times, count(*) from (select subscription_id, count(*) as times from subscription_changes
           where kind = 'renewed' group by subscription_id) as each group by times`,
      )
      expect(told).toEqual([{ times: 1, count: PAYERS }])
      const { rows: open } = await world.database.pool.query(
        `select from drift_findings where state = 'open'`,
      )
      expect(open).toEqual([])
      const seconds = ((askedAt.at(-1) ?? 0) - (askedAt[0] ?? 0)) / 1_000
      // A reading each at least: were nothing held back it would be over at once.
      expect(askedAt.length).toBeGreaterThan(PAYERS)
      expect(askedAt.length).toBeLessThanOrEqual(PER_SECOND * seconds + BURST)
    },
    2 * TIMEOUT_MS,
  )
})
