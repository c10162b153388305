import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { startReceiver } from '../../support/receiver.ts'
import { until } from '../../support/until.ts'
import { FEATURE } from '../setting.ts'
import { endOf, flood, floodUnfinished } from './flooding.ts'
import type { Buyer, Scene } from './scene.ts'

/** One shared resource: a flood of it by one customer, and a call of another customer that uses it too. */
export type Flood = {
  readonly resource: string
  /** Chooses this flood alone: `--only`. */
  readonly name: string
  /** One call of another customer. @throws if it is not answered as always */
  readonly call: () => Promise<void>
  /** Stores what the flood needs, before each measurement. */
  readonly prepare?: () => Promise<void>
  /** Floods until `signal` aborts. */
  readonly flood: (signal: AbortSignal) => Promise<void>
}

const EVENTS = 5_000
const COMMANDS_AT_ONCE = 50
const HISTORIES_AT_ONCE = 200
/** Entries that nobody summed yet, and those of one statement. */
const LEDGER = 200_000
const STEP = 50_000
const LETTERS = 10_000
const BODIES = 100
const MEBIBYTE = 1_024 * 1_024

export const floodsOf = (scene: Scene): Flood[] => {
  const command = toggleOf(scene, scene.other)
  const consume = consumeOf(scene)
  return [
    {
      name: 'inbox',
      resource: 'a round of the inbox',
      call: webhookOf(scene),
      flood: eventsOf(scene),
    },
    {
      name: 'workflow',
      resource: 'the queue of a workflow',
      call: command,
      flood: commandsOf(scene),
    },
    {
      name: 'connections',
      resource: 'connections to Postgres',
      call: consume,
      ...historiesOf(scene),
    },
    {
      name: 'stripe-pace',
      resource: 'the rate of Stripe',
      call: previewOf(scene),
      flood: previewsOf(scene),
    },
    { name: 'event-loop', resource: 'the event loop', call: consume, flood: oddBodiesOf(scene) },
    { name: 'mail', resource: 'mail', call: command, flood: lettersOf(scene) },
    {
      name: 'webhooks',
      resource: 'webhooks to applications',
      call: deliveryOf(scene),
      flood: hangingOf(scene),
    },
    { name: 'memory', resource: 'memory', call: consume, flood: unfinishedOf(scene) },
  ]
}

function expectOk(status: number, what: string): void {
  if (status !== 200) throw new Error(`${what} of the other customer was answered ${status}`)
}

const consumeOf =
  ({ call, other }: Scene) =>
  async () =>
    expectOk(
      await call('POST', '/usage/consume', { user: other.user, body: { feature: FEATURE } }),
      'usage',
    )

/** Schedules and withdraws a cancellation in turn. */
function toggleOf({ call }: Scene, { user, id }: Buyer) {
  let turn = 0
  return async () => {
    const path = `/subscriptions/${id}/cancellation`
    const isEven = turn++ % 2 === 0
    const status = isEven
      ? await call('PUT', path, { user, body: { when: 'period_end' } })
      : await call('DELETE', path, { user })
    // Two callers may toggle at once: one of them finds it done.
    if (status !== 409) expectOk(status, 'a command')
  }
}

/** A webhook from Stripe, until its event is done. */
function webhookOf({ shop, other }: Scene) {
  return async () => {
    const id = `evt_${randomUUID()}`
    const payload = JSON.stringify({
      id,
      object: 'event',
      api_version: '2025-01-01',
      created: Math.floor(Date.now() / 1_000),
      livemode: false,
      type: 'customer.subscription.updated',
      data: { object: { id: other.stripeId, object: 'subscription' } },
    })
    const signature = Stripe.webhooks.generateTestHeaderString({
      payload,
      secret: shop.webhookSecret,
    })
    const { status } = await fetch(`${shop.url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body: payload,
    })
    expectOk(status, 'a webhook')
    await until('the event is done', async () => {
      const { rowCount } = await shop.pool.query(
        `select from stripe_events where event_id = $1 and state = 'done'`,
        [id],
      )
      return rowCount === 1
    })
  }
}

/** Thousands of events of one subscription, and some of which Stripe knows nothing. */
function eventsOf({ shop, flooder }: Scene) {
  return async (signal: AbortSignal) => {
    await shop.pool.query(
      `insert into stripe_events (account, livemode, event_id, type, created_at, received_at, object_ids, due_at)
       select 'bench', false, $1 || n, 'customer.subscription.updated', now(), now(),
         '{"objectId": null, "customerId": null, "sessionId": null, "invoiceId": null, "paymentIntentId": null}'::jsonb
           || jsonb_build_object('stripeSubscriptionId', case when n % 100 = 0 then 'sub_poison_' || n else $2 end), now()
       from generate_series(1, $3::int) n`,
      [`evt_${randomUUID()}_`, flooder.stripeId, EVENTS],
    )
    await endOf(signal)
  }
}

const commandsOf =
  ({ requestOf, flooder: { id, user } }: Scene) =>
  (signal: AbortSignal) => {
    const command = requestOf('PUT', `/subscriptions/${id}/cancellation`, {
      user,
      body: { when: 'period_end' },
    })
    return flood({ callers: COMMANDS_AT_ONCE, requests: [command] }, signal)
  }

function historiesOf({ shop, requestOf, flooder: { user, id } }: Scene) {
  const query = new URLSearchParams({
    feature: FEATURE,
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date(Date.now() + 86_400_000).toISOString(),
  })
  return {
    async prepare() {
      for (let stored = 0; stored < LEDGER; stored += STEP)
        await shop.pool.query(
          `insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome,
             window_start, used_after, occurred_at)
           select date_trunc('month', now() at time zone 'UTC')::date, u.subscription_id, gen_random_uuid(), u.feature_id,
             1, 'allowed', u.window_start, n, greatest(u.window_start, u.summed_until)
           from generate_series(1, $2::int) n, feature_usage u join features f on f.id = u.feature_id
           where f.code = $3 and u.subscription_id = $1`,
          [id, STEP, FEATURE],
        )
    },
    flood: (signal: AbortSignal) =>
      flood(
        {
          callers: HISTORIES_AT_ONCE,
          requests: [requestOf('GET', `/usage/history?${query.toString()}`, { user })],
        },
        signal,
      ),
  }
}

const previewBy = ({ user, id }: Buyer) =>
  [
    'POST',
    `/subscriptions/${id}/plan/preview`,
    { user, body: { plan_id: 'plan_enterprise', when: 'now' } },
  ] as const
const previewOf =
  ({ call, other }: Scene) =>
  async () =>
    expectOk(await call(...previewBy(other)), 'a preview')
const previewsOf =
  ({ requestOf, flooder }: Scene) =>
  (signal: AbortSignal) =>
    flood({ callers: COMMANDS_AT_ONCE, requests: [requestOf(...previewBy(flooder))] }, signal)

/** Bodies that are deep, large or both. */
function oddBodiesOf({ requestOf, flooder: { user } }: Scene) {
  const deep = `{"events":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
  const large = JSON.stringify({
    events: Array.from({ length: 1_000 }, () => ({ feature: 'x'.repeat(200) })),
  })
  const requests = [deep, large].map((body) => requestOf('POST', '/usage/batch', { user, body }))
  return (signal: AbortSignal) => flood({ callers: 4, requests }, signal)
}

/** Letters of one customer, over a mail server that hangs. */
const lettersOf =
  ({ shop, flooder: { id, user } }: Scene) =>
  async (signal: AbortSignal) => {
    await shop.pool.query(`update customers set email = 'flood@example.com' where user_id = $1`, [
      user,
    ])
    await shop.pool.query(
      `insert into notices select (jsonb_populate_record(n, jsonb_build_object('key', $2 || i, 'state', 'pending',
         'attempts', 0, 'due_at', now(), 'sent_at', null))).*
       from notices n, generate_series(1, $3::int) i
       where n.key = (select key from notices where subscription_id = $1 limit 1)`,
      [id, `flood/${randomUUID()}/`, LETTERS],
    )
    await endOf(signal)
    await shop.pool.query(`update notices set state = 'skipped' where state = 'pending'`)
  }

/** A command, until the application has its webhook. */
function deliveryOf(scene: Scene) {
  const { call, other, healthy } = scene
  const toggle = toggleOf(scene, other)
  let isRegistered = false
  return async () => {
    if (!isRegistered) {
      isRegistered = true
      await call('POST', '/admin/webhook-endpoints', {
        isOperator: true,
        body: { url: healthy.url },
      })
    }
    const { length } = healthy.received
    await toggle()
    await until('the webhook is delivered', async () => healthy.received.length > length)
  }
}

/** An endpoint that never answers, and events for it. */
function hangingOf(scene: Scene) {
  const { call, requestOf, flooder } = scene
  return async (signal: AbortSignal) => {
    const hanging = await startReceiver()
    hanging.behaves(() => () => undefined)
    await call('POST', '/admin/webhook-endpoints', { isOperator: true, body: { url: hanging.url } })
    const { user, id } = flooder
    const path = `/subscriptions/${id}/cancellation`
    const requests = [
      requestOf('PUT', path, { user, body: { when: 'period_end' } }),
      requestOf('DELETE', path, { user }),
    ]
    await flood({ callers: 2, requests }, signal)
    await hanging.close()
  }
}

/** Webhooks whose bodies never end. */
const unfinishedOf =
  ({ shop }: Scene) =>
  (signal: AbortSignal) =>
    floodUnfinished(
      { connections: BODIES, url: `${shop.url}/webhooks/stripe`, bytes: MEBIBYTE },
      signal,
    )
