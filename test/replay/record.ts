import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boundary } from '../../domain/calendar.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { CARDS, pay } from '../support/checkout-page.ts'
import { createWorld, type World } from '../support/world.ts'
import { HISTORIES, writeHistory } from './history-file.ts'

/** `npm run record-histories`, before a release: what it has run must still replay after the next one. */
const DAY_MS = 86_400_000

let world: World
beforeAll(async () => {
  world = await createWorld()
  mkdirSync(HISTORIES, { recursive: true })
})
afterAll(() => world.close())

async function checkout(user: string, plan_id: string) {
  const given = { user, body: { plan_id, email: `${user}@example.com` } }
  const { body } = await world.call('POST', '/subscriptions/checkout', given)
  if (body.subscription_id === undefined) throw new Error(JSON.stringify(body))
  return body as { subscription_id: string; checkout_url: string; expires_at: string }
}

/** Writes each run of a subscription, the first one first, as the Temporal UI would download it. */
async function keep(name: string, subscriptionId: string) {
  const { client } = world.container.temporal
  const workflowId = subscriptionWorkflowId(subscriptionId)
  const runs = []
  for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    runs.push(run)
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime())
  expect(runs.length).toBeGreaterThan(0)
  for (const [index, { runId }] of runs.entries()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    writeHistory(`${name}-${index + 1}.json`, history)
  }
}

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
