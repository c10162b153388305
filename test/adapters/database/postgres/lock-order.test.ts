import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscriptionId } from '../../../../domain/ids.ts'
import { subscribe } from '../../../support/customer.ts'
import { until } from '../../../support/until.ts'
import { createWorld, type World } from '../../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const ask = async (text: string, values: unknown[] = []) =>
  (await world.database.pool.query(text, values)).rows
const waiters = async () =>
  (
    await ask(`select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`)
  ).length

test('forwarding an event and saving its subscription lock in one order, so neither is a deadlock', async () => {
  const { id } = await subscribe(world, 'plan_free')
  const eventId = `evt_${randomUUID()}`
  await ask(
    `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, due_at, state)
     values ('acct_test', false, $1, 'customer.subscription.updated', now(), now(), '{}', now() + interval '1 day', 'received')`,
    [eventId],
  )
  const [row] = await ask(
    `select to_jsonb(s) as row, observed_seq as seq from subscriptions s where id = $1`,
    [id],
  )
  // Saving stops at the windows, in the middle, as long as this transaction holds them.
  const holder = new pg.Client(world.database.url)
  await holder.connect()
  try {
    await holder.query('begin')
    await holder.query('select from feature_usage where subscription_id = $1 for update', [id])
    const saving = ask(
      `select save_subscription($1::jsonb || '{"stripe_subscription_id": "sub_locked"}', $2, now(), '[]', '[]', '[]',
         now() + interval '1 second', null, array[$3]) as saved`,
      [row?.row, row?.seq, eventId],
    )
    await until('saving waits', async () => (await waiters()) === 1)
    const forwarding = world.container.repositories.stripeEvents
    const [event] = await ask('select * from stripe_events where event_id = $1', [eventId])
    const forwarded = forwardingOf(forwarding, event, id)
    await until('forwarding waits, too', async () => (await waiters()) === 2)
    await holder.query('rollback')
    expect(await saving).toEqual([{ saved: true }])
    await forwarded
  } finally {
    await holder.end()
  }
  const [event] = await ask('select state from stripe_events where event_id = $1', [eventId])
  expect(event?.state).toBe('done')
})

const forwardingOf = (
  stripeEvents: World['container']['repositories']['stripeEvents'],
  { account, livemode, event_id: eventId }: Readonly<Record<string, unknown>>,
  id: string,
) =>
  stripeEvents.markForwarded(
    [{ event: { account, livemode, eventId } as never, checkAgainAt: new Date() }],
    subscriptionId(id),
  )
