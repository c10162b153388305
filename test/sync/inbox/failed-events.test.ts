import { afterAll, beforeAll, expect, test } from 'vitest'
import { pay } from '../../support/checkout-page.ts'
import { turn, undo } from '../../support/dashboard.ts'
import { subscribe, unpaidCustomer } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { anEvent, deliver } from '../../support/webhook.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** Attempts after which a refused event is parked, and some more. */
const ROUNDS = 10
const MINUTE_MS = 60_000
const stateOf = async (eventId: string) => {
  const { rows } = await world.database.pool.query<{ state: string; attempts: number }>(
    'select state, attempts from stripe_events where event_id = $1',
    [eventId],
  )
  return rows[0]
}
/** Delivers the deletion of a customer whom Stripe refuses to show. */
async function poison(status: number) {
  const customer = `cus_refused_${status}`
  const path = `/v1/customers/${customer}`
  await turn(world, 'faults', { kind: 'answer', status, count: 1_000, method: 'GET', path })
  const object = { id: customer, object: 'customer', deleted: true }
  const event = anEvent({ type: 'customer.deleted', object })
  await deliver(world, event)
  return event.id
}

test('an event that Stripe refuses to explain holds up no other, and is parked at last', async () => {
  const eventId = await poison(403)
  const buyers = await Promise.all(Array.from({ length: 5 }, () => unpaidCustomer(world)))
  for (const buyer of buyers) await pay((await buyer.read()).checkout.url)
  await until('every buyer is served', async () => {
    await world.container.forwardStripeEvents(world.clock.now())
    const found = await Promise.all(buyers.map((buyer) => buyer.read()))
    return found.every(({ status }) => status === 'active')
  })
  for (let round = 1; round <= ROUNDS; round++)
    await world.container.forwardStripeEvents(
      new Date(world.clock.now().getTime() + round * MINUTE_MS),
    )
  expect(await stateOf(eventId)).toMatchObject({ state: 'parked' })
  await undo(world)
})

test('an event that fails for a while is tried again and done in the end', async () => {
  const eventId = await poison(500)
  await world.container.forwardStripeEvents(world.clock.now())
  await until('it was tried', async () => ((await stateOf(eventId))?.attempts ?? 0) > 0)
  expect(await stateOf(eventId)).toMatchObject({ state: 'received' })
  await undo(world)
  await world.container.forwardStripeEvents(new Date(world.clock.now().getTime() + MINUTE_MS))
  expect(await stateOf(eventId)).toMatchObject({ state: 'parked' })
})

test('a stuck event does not hide from the comparison what it should have changed', async () => {
  const payer = await subscribe(world, 'plan_pro_monthly')
  const { id } = await payer.stripe()
  await turn(world, 'deliveries', { action: 'drop', count: 1_000 })
  await world.stripe.subscriptions.update(id, { cancel_at_period_end: true })
  await undo(world)
  await world.database.pool.query(
    `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, state, attempts, due_at)
     values ('own', false, 'evt_stuck', 'customer.subscription.updated', now(), now(),
       jsonb_build_object('objectId', $1::text, 'stripeSubscriptionId', $1::text), 'received', 11, '2100-01-01')`,
    [id],
  )
  const { reconciliations } = world.container
  const run = { cause: 'test', scope: 'all', dryRun: true, repairsMax: 10 } as const
  expect(await reconciliations.result(await reconciliations.start(run))).toMatchObject({ found: 1 })
  await world.database.pool.query(`delete from stripe_events where event_id = 'evt_stuck'`)
})
