import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { boundary } from '../../domain/calendar.ts'
import { startGround } from '../support/ground.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { anEvent, deliver } from '../support/webhook.ts'
import { createWorld, type World } from '../support/world.ts'
import { average, costOf, difference, type Cost } from './footprint/runs.ts'
import { openStatements, total, type Statements } from './footprint/statements.ts'
import { sizesOf } from './footprint/tables.ts'

/**
 * The cost of each operation: Actions, events and bytes of history in Temporal, statements in Postgres, and bytes per table:
 * `npm run bench:footprint`, with `-- --statements` to print each statement. docs/scale.md calculates with it.
 */
const CUSTOMERS = 10
/** For the tables: enough rows that a half-empty page does not distort the result. */
const MANY = 300
const AT_ONCE = 20
const CALLS = 100
const BATCHES = 20
const BATCH = 1_000
const HOUR_MS = 3_600_000
const SETTINGS = {
  fsync: 'off',
  max_connections: '200',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '5000',
}

type Bench = { readonly world: World; readonly statements: Statements }

const { values } = parseArgs({ options: { statements: { type: 'boolean', default: false } } })
const ground = await startGround(SETTINGS)
console.log('| of each | Actions | events | bytes of history | SQL statements |')
console.log('| --- | --- | --- | --- | --- |')
try {
  await inWorld(checkouts)
  await inWorld((bench) => month(bench, 'renewal of a paid plan', 'plan_pro_monthly'))
  await inWorld((bench) => month(bench, 'renewal of a free plan', 'plan_free'))
  await inWorld((bench) => month(bench, 'quota reset within a yearly period', 'plan_pro_yearly'))
  await inWorld(usage)
  await inWorld(webhooks)
  await inWorld(tables)
} finally {
  await ground.stop()
}

/** Runs each in a separate world, so that no other work is due there. */
async function inWorld(run: (bench: Bench) => Promise<void>): Promise<void> {
  const world = await createWorld({ ground })
  try {
    await run({ world, statements: await openStatements(world.database.pool) })
  } finally {
    await world.close()
  }
}

async function checkouts(bench: Bench): Promise<void> {
  for (const [name, plan] of [
    ['checkout of a paid plan, until it is active', 'plan_pro_monthly'],
    ['checkout of a free plan', 'plan_free'],
  ] as const)
    await line(bench, name, CUSTOMERS, async () => costsOf(bench, await buy(bench, plan)))
  const { rows } = await bench.world.database.pool.query<{ count: number }>(
    'select count(*)::int as count from stripe_events',
  )
  const count = (rows[0]?.count ?? 0) / CUSTOMERS
  console.log(`| _events of Stripe's for a purchase: ${count}_ | | | | |`)
}

async function month(bench: Bench, name: string, plan: string): Promise<void> {
  const { world } = bench
  const people = await buy(bench, plan)
  await world.settled()
  const before = await costsOf(bench, people)
  const end = boundary(world.clock.now(), 'month', 1)
  await line(bench, name, people.length, async () => {
    // Stripe collects an hour after a period begins.
    await world.advanceTo(new Date(end.getTime() + 2 * HOUR_MS))
    return difference(await costsOf(bench, people), before)
  })
}

async function usage(bench: Bench): Promise<void> {
  const { call } = bench.world
  const [customer] = await buy(bench, 'plan_pro_monthly', 1)
  const user = customer?.user ?? ''
  const event = () => ({ feature: 'messages_sent', amount: 1 })
  const consume = () => call('POST', '/usage/consume', { user, key: randomUUID(), body: event() })
  await line(bench, 'usage event, one after the other', CALLS, async () => {
    for (let count = 0; count < CALLS; count++) await consume()
    return undefined
  })
  await line(bench, `usage event, ${CALLS} at once`, CALLS, async () => {
    await Promise.all(Array.from({ length: CALLS }, consume))
    return undefined
  })
  await line(bench, `usage event, ${BATCH} in a batch`, BATCHES * BATCH, async () => {
    for (let count = 0; count < BATCHES; count++) {
      const events = Array.from({ length: BATCH }, () => ({
        ...event(),
        idempotency_key: randomUUID(),
      }))
      await call('POST', '/usage/batch', { user, body: { events } })
    }
    return undefined
  })
  await showTables(bench, ['usage_events'])
}

async function webhooks(bench: Bench): Promise<void> {
  await line(bench, 'webhook that concerns nobody', CALLS, async () => {
    for (let count = 0; count < CALLS; count++) await deliver(bench.world, anEvent())
    return undefined
  })
  const people = await buy(bench, 'plan_pro_monthly')
  const before = await costsOf(bench, people)
  await line(bench, 'webhook that changes nothing of a subscription', people.length, async () => {
    for (const customer of people) {
      const object = await customer.stripe()
      await deliver(bench.world, anEvent({ type: 'customer.subscription.updated', object }))
    }
    await bench.world.settled()
    return difference(await costsOf(bench, people), before)
  })
}

async function tables(bench: Bench): Promise<void> {
  await buy(bench, 'plan_pro_monthly', MANY, AT_ONCE)
  await showTables(bench)
}

async function showTables({ world }: Bench, only?: readonly string[]): Promise<void> {
  console.log('\n| table | rows | bytes of a row | with its indexes |\n| --- | --- | --- | --- |')
  for (const { name, rows, heap, whole } of await sizesOf(world.database.pool))
    if (only === undefined || only.includes(name))
      console.log(`| \`${name}\` | ${rows} | ${heap.toFixed(0)} | ${whole.toFixed(0)} |`)
  console.log('')
}

async function buy(
  { world }: Bench,
  plan: string,
  count = CUSTOMERS,
  atOnce = 1,
): Promise<Customer[]> {
  const people: Customer[] = []
  const buyer = async () => {
    while (people.length < count) people.push(await subscribe(world, plan))
  }
  await Promise.all(Array.from({ length: atOnce }, buyer))
  return people
}

async function costsOf({ world }: Bench, people: readonly Customer[]): Promise<Cost> {
  const { client } = world.container.temporal
  return average(await Promise.all(people.map(({ id }) => costOf(client, id))))
}

async function line(
  { world, statements }: Bench,
  name: string,
  times: number,
  run: () => Promise<Cost | undefined>,
): Promise<void> {
  const { asked, result: cost } = await statements.of(async () => {
    const result = await run()
    await world.settled()
    return result
  })
  const shown = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? ''
  const cells = [
    name,
    shown(cost?.actions, 1),
    shown(cost?.events, 1),
    shown(cost?.bytes, 0),
    (total(asked) / times).toPrecision(3),
  ]
  console.log(`| ${cells.join(' | ')} |`)
  if (values.statements)
    for (const { query, calls } of asked)
      console.log(`    ${(calls / times).toFixed(2)} ${query.slice(0, 150)}`)
}
