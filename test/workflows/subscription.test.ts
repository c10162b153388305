import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boundary } from '../../domain/calendar.ts'
import { fastForward } from '../../adapters/temporal/time-skipping.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { pay } from '../support/checkout-page.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const start = (user: string, plan_id: string, email = `${user}@example.com`) =>
  world.call('POST', '/subscriptions/checkout', { user, body: { plan_id, email } })
const current = async (user: string) =>
  (await world.call('GET', '/subscriptions/current', { user })).body
const timeline = async (user: string) => {
  const { id } = await current(user)
  const { body } = await world.call('GET', `/subscriptions/${id}/timeline`, { user })
  return body.changes as { kind: string; at: string }[]
}
const consume = async (user: string, amount: number) =>
  (await world.call('POST', '/usage/consume', { user, body: { feature: 'messages_sent', amount } }))
    .body
const handle = (id: string) =>
  world.container.temporal.client.workflow.getHandle(subscriptionWorkflowId(id))

describe('a free subscription', () => {
  test('renews by itself for 36 months: one run, one entry and one window a period, counted from its anchor', async () => {
    const { body } = await start('free', 'plan_free')
    const anchor = new Date((await current('free')).period.start)
    for (let month = 1; month <= 36; month++) {
      await fastForward(
        world.container.temporal.client,
        subscriptionWorkflowId(body.subscription_id),
        boundary(anchor, 'month', month),
      )
      await until(
        `period ${month} began`,
        async () =>
          (await current('free')).period.start === boundary(anchor, 'month', month).toISOString(),
      )
    }
    const entries = await timeline('free')
    expect(entries.map((entry) => entry.kind)).toEqual([
      'activated',
      ...Array.from({ length: 36 }, () => 'renewed'),
    ])
    const { rows } = await world.database.pool.query(
      `select u.window_start, u.window_end from feature_usage u join features f on f.id = u.feature_id
       where u.subscription_id = $1 and f.code = 'messages_sent' order by 1`,
      [body.subscription_id],
    )
    expect(rows).toEqual(
      Array.from({ length: 37 }, (_, month) => ({
        window_start: boundary(anchor, 'month', month),
        window_end: boundary(anchor, 'month', month + 1),
      })),
    )
    const described = await handle(body.subscription_id).describe()
    expect(described.historyLength).toBeLessThanOrEqual(20)
  })

  test('whose worker was away for a year catches up, period by period', async () => {
    const { body } = await start('sleeper', 'plan_free')
    const anchor = new Date((await current('sleeper')).period.start)
    await world.stopWorker()
    const waking = fastForward(
      world.container.temporal.client,
      subscriptionWorkflowId(body.subscription_id),
      boundary(anchor, 'year', 1),
    )
    await world.startWorker()
    await waking
    const present = boundary(anchor, 'month', 12).toISOString()
    await until(
      'the present period is open',
      async () => (await current('sleeper')).period.start === present,
    )
    expect(await consume('sleeper', 1)).toMatchObject({ outcome: 'allowed', used_amount: 1 })
    const renewals = (await timeline('sleeper')).filter((entry) => entry.kind === 'renewed')
    expect(renewals).toHaveLength(12)
  })
})

describe('a paid subscription', () => {
  test('follows Stripe through a year: twelve renewals, each sent once, with the quota reset each time', async () => {
    const { body } = await start('paid', 'plan_pro_monthly')
    await pay(body.checkout_url)
    await world.settled()
    const anchor = new Date((await current('paid')).period.start)
    for (let month = 1; month <= 12; month++) {
      expect(await consume('paid', 10_000)).toMatchObject({ outcome: 'allowed', remaining: 0 })
      // A day after the boundary Stripe has closed and collected its invoice.
      await world.advanceTo(new Date(boundary(anchor, 'month', month).getTime() + 86_400_000))
      expect((await current('paid')).period.start).toBe(
        boundary(anchor, 'month', month).toISOString(),
      )
    }
    const renewals = (await timeline('paid')).filter((entry) => entry.kind === 'renewed')
    expect(renewals).toHaveLength(12)
    const mails = await world.mailsTo('paid@example.com')
    expect(mails.filter((mail) => mail.subject.includes('renewed'))).toHaveLength(12)
    expect(mails.filter((mail) => mail.subject.includes('active'))).toHaveLength(1)
  })
})

describe('an operator', () => {
  test('finds a subscription by its attributes and reads its state and next due instant', async () => {
    const { body } = await start('seen', 'plan_free')
    const { client } = world.container.temporal
    const query = `UserId = 'seen' and SubscriptionStatus = 'active' and Plan = 'plan_free'`
    await until('it is listed', async () => (await client.workflow.count(query)).count === 1)
    const state = await handle(body.subscription_id).query<{ view: unknown }>('state')
    const { period } = await current('seen')
    expect(state.view).toMatchObject({
      status: 'active',
      due: { at: period.end, what: 'free renewal' },
    })
  })

  test('sees no workflow task that fails', async () => {
    const { client } = world.container.temporal
    const { rows } = await world.database.pool.query<{ id: string }>('select id from subscriptions')
    for (const { id } of rows) {
      const { events } = await client.workflow.getHandle(subscriptionWorkflowId(id)).fetchHistory()
      expect(events?.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([])
    }
  })
})
