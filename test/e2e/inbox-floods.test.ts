import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const FLOOD = 4_000
/** A round claims 200 events, and sends one signal for all of a subscription. Rounds of two processes may overlap. */
const SIGNALS_MAX = (2 * FLOOD) / 200

/** Stores events about a subscription, as webhooks do. */
async function store(stripeId: string, count: number) {
  await world.database.pool.query(
    `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, due_at)
     select 'acct_test', false, $1 || n, 'customer.subscription.updated', $3, $3,
       '{"objectId": null, "customerId": null, "sessionId": null, "invoiceId": null, "paymentIntentId": null, "subscriptionId": null}'::jsonb
         || jsonb_build_object('stripeSubscriptionId', $2::text), $3
     from generate_series(1, $4) n`,
    [`evt_${randomUUID()}_`, stripeId, world.clock.now(), count],
  )
}

const eventsOf = async ({ id }: Customer) => {
  const { client } = world.container.temporal
  const { events } = await client.workflow.getHandle(subscriptionWorkflowId(id)).fetchHistory()
  return events ?? []
}

test('four thousand events of one subscription reach it in a few signals, and hold up nobody else', async () => {
  const flooded = await subscribe(world, 'plan_pro_monthly')
  const other = await subscribe(world, 'plan_pro_monthly')
  await store((await flooded.stripe()).id, FLOOD)
  await store((await other.stripe()).id, 1)
  const settled = world.settled(60_000)
  expect(await flooded.ask('PUT', '/pause', {})).toMatchObject({ status: 200 })
  expect(await other.ask('PUT', '/pause', {})).toMatchObject({ status: 200 })
  await settled
  const { rows } = await world.database.pool.query(
    `select state, count(*)::integer from stripe_events
     where account = 'acct_test' and object_ids ->> 'stripeSubscriptionId' = $1 group by state`,
    [(await flooded.stripe()).id],
  )
  expect(rows).toEqual([{ state: 'done', count: FLOOD }])
  const history = await eventsOf(flooded)
  const signals = history.filter((each) => each.workflowExecutionSignaledEventAttributes)
  expect(signals.length).toBeLessThanOrEqual(SIGNALS_MAX)
})
