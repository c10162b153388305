import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../support/customer.ts'
import { startReceiver } from '../support/receiver.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'
import type { Reply } from '../support/call.ts'

/** The limit of an account in test mode. */
const PER_SECOND = 25
const FLOOD = 200
/** Large bodies that are refused follow each other with a rest between them. */
const BODIES = 60

let world: World
let flooder: Customer
let other: Customer
beforeAll(async () => {
  world = await createWorld({ pace: { requestsPerSecond: PER_SECOND } })
  flooder = await subscribe(world, 'plan_pro_monthly')
  other = await subscribe(world, 'plan_pro_monthly')
})
afterAll(() => world.close())

const operate = (method: string, path: string, body?: object, key?: string) =>
  world.call(method, `/admin/${path}`, {
    headers: { authorization: 'Bearer bk_dev_operator' },
    ...(body && { body }),
    ...(key !== undefined && { key }),
  })

/** Sends many calls at once. `isOver` says whether all of them are answered. */
function flood(call: (index: number) => Promise<Reply>, size = FLOOD) {
  let answered = 0
  const replies = Promise.all(
    Array.from({ length: size }, async (_, index) => {
      const reply = await call(index)
      answered += 1
      return reply.status
    }),
  )
  return { replies, isOver: () => answered === size }
}
const count = (statuses: readonly number[], status: number) =>
  statuses.filter((each) => each === status).length

const consume = ({ user }: Customer) =>
  world.call('POST', '/usage/consume', { user, body: { feature: 'messages_sent', amount: 1 } })

describe('one user’s flood', () => {
  test('of previews waits for itself, and takes Stripe’s rate from nobody', async () => {
    const preview = ({ ask }: Customer) =>
      ask('POST', '/plan/preview', { plan_id: 'plan_enterprise', when: 'now' })
    const flooding = flood(() => preview(flooder))
    for (let call = 0; call < 3; call++)
      expect(await preview(other)).toMatchObject({ status: 200, body: { plan: 'plan_enterprise' } })
    const statuses = await flooding.replies
    // Few of them waited for their turn; without turns, all wait for Stripe.
    expect(count(statuses, 429)).toBeGreaterThan(FLOOD / 2)
  })

  test('of histories of a large ledger leaves the connections to others', async () => {
    await world.database.pool.query(
      `insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, window_start,
         used_after, occurred_at)
       select date_trunc('month', u.window_start at time zone 'UTC')::date, u.subscription_id, 'flood ' || n, u.feature_id, 1,
         'allowed', u.window_start, n, u.window_start
       from generate_series(1, 100000) n, feature_usage u join features f on f.id = u.feature_id
       where f.code = 'messages_sent' and u.subscription_id = $1`,
      [flooder.id],
    )
    const now = world.clock.now().getTime()
    const query = new URLSearchParams({
      feature: 'messages_sent',
      from: new Date(now - 86_400_000).toISOString(),
      to: new Date(now + 86_400_000).toISOString(),
    })
    const flooding = flood(() =>
      world.call('GET', `/usage/history?${query.toString()}`, { user: flooder.user }),
    )
    for (let call = 0; call < 50; call++) expect((await consume(other)).status).toBe(200)
    const statuses = await flooding.replies
    expect(count(statuses, 200)).toBeGreaterThan(0)
    expect(count(statuses, 200) + count(statuses, 429)).toBe(FLOOD)
  })

  test('of nested and huge bodies is refused, and others are answered meanwhile', async () => {
    const nested = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) as object
    const huge = { events: Array.from({ length: 1_000 }, () => ({ feature: 'x'.repeat(200) })) }
    const send = (index: number) =>
      world.call('POST', '/usage/batch', {
        user: flooder.user,
        body: index % 2 === 0 ? { events: nested } : huge,
      })
    const flooding = flood(send, BODIES)
    for (let call = 0; call < 50; call++) expect((await consume(other)).status).toBe(200)
    for (const status of await flooding.replies) expect([400, 413, 422]).toContain(status)
  })

  test('of commands fills its own queue: others are answered, and so are a sync and a forced end', async () => {
    const flooding = flood((index) =>
      index % 2 === 0
        ? flooder.ask('PUT', '/cancellation', { when: 'period_end' })
        : flooder.ask('DELETE', '/cancellation'),
    )
    expect(await other.ask('PUT', '/cancellation', { when: 'period_end' })).toMatchObject({
      status: 200,
    })
    const sync = () => flooder.ask('POST', '/sync', undefined, { operator: true })
    await until('a sync is answered', async () => (await sync()).status === 200)
    const force = () =>
      operate('POST', `subscriptions/${flooder.id}/force-cancellation`, { reason: 'flood' }, 'end')
    await until('the end is forced', async () => (await force()).status === 200)
    for (const status of await flooding.replies) expect([200, 409, 429, 503]).toContain(status)
    expect(await flooder.read()).toMatchObject({ status: 'canceled' })
  })
})

test('polling asks Stripe in the background, a preview as a caller, and a webhook as an event', async () => {
  const { pool } = world.database
  const classOf = async (work: () => Promise<unknown>) => {
    await pool.query(`update stripe_pace_classes set turn_at = 'epoch'`)
    await work()
    const { rows } = await pool.query<{ class: string }>(
      `select class from stripe_pace_classes where turn_at > 'epoch'`,
    )
    return rows.map((row) => row.class)
  }
  const at = world.clock.now()
  expect(await classOf(() => world.container.tailStripeEvents(at, 0))).toContain('background')
  const preview = () =>
    other.ask('POST', '/plan/preview', { plan_id: 'plan_enterprise', when: 'now' })
  expect(await classOf(preview)).toContain('caller')
  expect(await classOf(() => subscribe(world, 'plan_pro_monthly'))).toEqual(
    expect.arrayContaining(['caller', 'event']),
  )
})

test('an endpoint that never answers delays no webhook of another endpoint', async () => {
  const hanging = await startReceiver()
  hanging.behaves(() => () => undefined)
  const healthy = await startReceiver()
  for (const { url } of [hanging, healthy])
    expect((await operate('POST', 'webhook-endpoints', { url })).status).toBe(201)
  await world.stopWorker()
  const worker = await startWorkerProcess(world)
  try {
    const first = await subscribe(world, 'plan_free')
    const of = (receiver: typeof healthy, { id }: Customer) =>
      receiver.received.filter(({ body }) => body.data.subscription_id === id).length
    await until('the endpoint hangs', async () => of(hanging, first) > 0)
    // More than its connections, so that it stays busy.
    for (let sold = 0; sold < 10; sold++) await subscribe(world, 'plan_free')
    await until('a second attempt hangs', async () => hanging.received.length > 8, 30_000)
    const later = await subscribe(world, 'plan_free')
    await until('the other endpoint has its webhook', async () => of(healthy, later) > 0, 8_000)
    expect(of(hanging, later)).toBe(0)
  } finally {
    await Promise.all([hanging.close(), healthy.close()])
    await worker.kill()
  }
})
