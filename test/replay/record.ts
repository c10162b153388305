import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, test } from 'vitest'
import { boundary } from '../../domain/calendar.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { CARDS, pay } from '../support/checkout-page.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'
import { writeDecisions } from './decision-file.ts'
import { HISTORIES } from './history-file.ts'
import { keepRuns } from './keep-runs.ts'

/** `npm run record-histories`, before a release: the next release must still replay these runs. */
const DAY_MS = 86_400_000

let world: World
beforeAll(async () => {
  world = await createWorld()
  mkdirSync(HISTORIES, { recursive: true })
})
afterAll(async () => {
  await writeDecisions(world)
  await world.close()
})

async function checkout(user: string, plan_id: string) {
  const given = { user, body: { plan_id, email: `${user}@example.com` } }
  const { body } = await world.call('POST', '/subscriptions/checkout', given)
  if (body.subscription_id === undefined) throw new Error(JSON.stringify(body))
  return body as { subscription_id: string; checkout_url: string; expires_at: string }
}

const keep = (name: string, subscriptionId: string) =>
  keepRuns(world, name, subscriptionWorkflowId(subscriptionId))

const inMonths = (months: number) =>
  new Date(boundary(world.clock.now(), 'month', months).getTime() + DAY_MS)

test('a free subscription over two months, then bought', async () => {
  const { subscription_id } = await checkout('free-then-paid', 'plan_free')
  await world.advanceTo(inMonths(2))
  const { checkout_url } = await checkout('free-then-paid', 'plan_pro_monthly')
  await pay(checkout_url)
  await world.settled()
  await keep('free-then-paid', subscription_id)
})

test('a paid subscription: declined, paid, renewed', async () => {
  const { subscription_id, checkout_url } = await checkout('paid', 'plan_pro_monthly')
  await pay(checkout_url, CARDS.declined)
  await pay(checkout_url)
  await world.settled()
  await world.advanceTo(inMonths(3))
  await keep('paid-and-renewed', subscription_id)
})

test('a paid subscription whose runs begin with what their search attributes say', async () => {
  const { subscription_id, checkout_url } = await checkout('brief', 'plan_pro_monthly')
  await pay(checkout_url)
  await world.settled()
  await world.advanceTo(inMonths(2))
  await keep('carried-in-brief', subscription_id)
})

test('a yearly subscription with a monthly quota', async () => {
  const { subscription_id, checkout_url } = await checkout('yearly', 'plan_pro_yearly')
  await pay(checkout_url)
  await world.settled()
  await world.advanceTo(inMonths(3))
  await keep('yearly-with-monthly-quota', subscription_id)
})

test('a checkout that is replaced, and then abandoned', async () => {
  const first = await checkout('undecided', 'plan_pro_monthly')
  const { expires_at } = await checkout('undecided', 'plan_enterprise')
  await world.advanceTo(new Date(new Date(expires_at).getTime() + 5 * 60_000))
  await keep('replaced-and-abandoned', first.subscription_id)
})

test('a second checkout that finds the first one paid', async () => {
  const { subscription_id, checkout_url } = await checkout('late', 'plan_pro_monthly')
  await pay(checkout_url)
  await world.settled()
  await checkout('late', 'plan_enterprise')
  await keep('refused-second-checkout', subscription_id)
})

/** A customer with a paid subscription, and their calls about it. */
async function customer(user: string, plan_id: string) {
  const { subscription_id: id, checkout_url } = await checkout(user, plan_id)
  await pay(checkout_url)
  await world.settled()
  const ask = async (method: string, path: string, body?: object) => {
    const reply = await world.call(method, `/subscriptions/${id}${path}`, {
      user,
      ...(body && { body }),
    })
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
  }
  return { id, ask }
}

test('plans changed now, later, and back to a free one', async () => {
  const { id, ask } = await customer('changing', 'plan_pro_monthly')
  await ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
  await ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
  await ask('DELETE', '/plan/pending')
  await ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
  await world.advanceTo(inMonths(1))
  await ask('PUT', '/plan', { plan_id: 'plan_free' })
  await world.advanceTo(inMonths(2))
  await keep('plans-changed', id)
})

test('a pause that ends by itself, and one that is ended', async () => {
  const { id, ask } = await customer('pausing', 'plan_pro_monthly')
  const resumes_at = new Date(world.clock.now().getTime() + 5 * DAY_MS).toISOString()
  await ask('PUT', '/pause', { resumes_at })
  await world.advanceTo(new Date(world.clock.now().getTime() + 6 * DAY_MS))
  await ask('PUT', '/pause', {})
  await ask('DELETE', '/pause')
  await keep('paused-and-resumed', id)
})

test('a trial that is announced to end, is ended, and a cancellation that is withdrawn and comes', async () => {
  const { id, ask } = await customer('trying', 'plan_starter')
  await world.advanceTo(new Date(world.clock.now().getTime() + 12 * DAY_MS))
  await ask('DELETE', '/trial')
  await ask('PUT', '/cancellation', { when: 'period_end' })
  await ask('DELETE', '/cancellation')
  await ask('PUT', '/cancellation', { when: 'period_end' })
  await world.advanceTo(inMonths(1))
  await keep('trial-and-canceled', id)
})

test('a renewal that is declined until Stripe gives up', async () => {
  const { id } = await customer('unlucky', 'plan_pro_monthly')
  const { rows } = await world.database.pool.query<{ stripe_customer_id: string }>(
    `select stripe_customer_id from customers where user_id = 'unlucky'`,
  )
  await fetch(`${world.simulator.url}/_simulator/cards`, {
    method: 'PUT',
    body: JSON.stringify({ customer: rows[0]!.stripe_customer_id, behaviour: 'declines' }),
  })
  await world.advanceTo(inMonths(2))
  await keep('declined-to-the-end', id)
})

test('operators who grant, are refused, and end it by force', async () => {
  const { id } = await customer('operated', 'plan_pro_monthly')
  const operate = (path: string, body: object) =>
    world.call('POST', `/admin/subscriptions/${id}/${path}`, {
      body: { reason: 'a golden history', ...body },
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
  await operate('grants', { feature: 'messages_sent', amount: 5 })
  await operate('grants', { feature: 'nothing', amount: 5 })
  await operate('force-cancellation', {})
  await keep('operated-and-forced', id)
})

test('usage that reaches its limit', async () => {
  const { subscription_id } = await checkout('busy', 'plan_free')
  await world.call('POST', '/usage/consume', {
    user: 'busy',
    body: { feature: 'messages_sent', amount: 100 },
  })
  await until('it is sent', async () => {
    const { rows } = await world.database.pool.query(
      `select from subscription_changes where subscription_id = $1 and kind = 'quota_threshold'`,
      [subscription_id],
    )
    return rows.length === 2
  })
  await keep('limit-reached', subscription_id)
})
