import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { pay } from '../support/checkout-page.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

/** Temporal considers a worker dead after ten seconds without a heartbeat. */
const SLOW_MS = 13_000

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
afterEach(async () => {
  for (const knob of ['faults', 'deliveries'])
    await fetch(`${world.simulator.url}/_simulator/${knob}`, { method: 'DELETE' })
})

const turn = async (knob: string, body: object) => {
  const answer = await fetch(`${world.simulator.url}/_simulator/${knob}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
const newUser = () => `user-${randomUUID()}`
const checkout = (user: string) =>
  world.call('POST', '/subscriptions/checkout', {
    user,
    body: { plan_id: 'plan_pro_monthly', email: `${user}@example.com` },
  })
const current = async (user: string) =>
  (await world.call('GET', '/subscriptions/current', { user })).body
const inMinutes = (minutes: number) => new Date(world.clock.now().getTime() + minutes * 60_000)
const customersOf = async (user: string) =>
  (await world.stripe.customers.list({ limit: 100 })).data.filter(
    (customer) => customer.metadata['perennial_user_id'] === user,
  )
const sessionsOf = async (user: string) =>
  (await world.stripe.checkout.sessions.list({ limit: 100 })).data.filter(
    (session) => session.metadata?.['perennial_user_id'] === user,
  )
/** The attempt number of each activity that ended in a workflow. */
const attemptsOf = async (workflowId: string) => {
  const { events } = await world.container.temporal.client.workflow
    .getHandle(workflowId)
    .fetchHistory()
  return (
    events?.flatMap(({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? []) ??
    []
  )
}

describe('a checkout while Stripe', () => {
  test('takes longer than a worker may be silent is left to the worker that asked', async () => {
    const user = newUser()
    await turn('faults', {
      kind: 'delay',
      milliseconds: SLOW_MS,
      count: 1,
      method: 'POST',
      path: '/v1/customers',
    })
    // The caller must retry later; the step is in progress.
    const { body } = await checkout(user)
    await until('it has its page', async () => (await sessionsOf(user)).length === 1)
    const id = subscriptionWorkflowId((await current(user)).id ?? body.subscription_id)
    // Temporal writes that an attempt started only when the attempt ends, a moment after the page exists.
    await until('the step has ended', async () => (await attemptsOf(id)).length > 0)
    expect(await attemptsOf(id)).toEqual([1])
  })

  test('commits and then loses its answer makes one customer and one session', async () => {
    const user = newUser()
    await turn('faults', {
      kind: 'commit_then_reset',
      count: 1,
      method: 'POST',
      path: '/v1/customers',
    })
    await turn('faults', {
      kind: 'commit_then_reset',
      count: 1,
      method: 'POST',
      path: '/v1/checkout/sessions',
    })
    expect((await checkout(user)).status).toBe(201)
    expect(await customersOf(user)).toHaveLength(1)
    expect(await sessionsOf(user)).toHaveLength(1)
  })

  test('answers 429 waits for the time in Retry-After and succeeds', async () => {
    await turn('faults', {
      kind: 'answer',
      status: 429,
      retry_after: 1,
      count: 1,
      path: '/v1/checkout/sessions',
    })
    expect((await checkout(newUser())).status).toBe(201)
  })

  test('rejects our key is 502, and the next one succeeds', async () => {
    const user = newUser()
    await turn('faults', { kind: 'answer', status: 401, count: 1, path: '/v1/checkout/sessions' })
    expect(await checkout(user)).toMatchObject({
      status: 502,
      body: { code: 'payment_provider_rejected' },
    })
    expect((await checkout(user)).status).toBe(201)
  })
})

describe('a payment', () => {
  test('that could not be read for good reasons is read again, and activates', async () => {
    const user = newUser()
    const { body } = await checkout(user)
    await turn('faults', {
      kind: 'answer',
      status: 401,
      count: 20,
      method: 'GET',
      path: '/v1/checkout/sessions',
    })
    await pay(body.checkout_url)
    await world.simulator.deliveriesIdle()
    expect((await current(user)).status).toBe('incomplete')
    await fetch(`${world.simulator.url}/_simulator/faults`, { method: 'DELETE' })
    await world.advanceTo(inMinutes(90))
    await world.settled()
    expect((await current(user)).status).toBe('active')
    expect(await world.mailsTo(`${user}@example.com`)).toHaveLength(1)
  })

  test('whose events are all lost is found when the page was to expire', async () => {
    const user = newUser()
    const { body } = await checkout(user)
    await turn('deliveries', { action: 'drop', count: 100 })
    await pay(body.checkout_url)
    await world.simulator.deliveriesIdle()
    expect((await current(user)).status).toBe('incomplete')
    await world.advanceTo(new Date(new Date(body.expires_at).getTime() + 5 * 60_000))
    expect((await current(user)).status).toBe('active')
  })

  test('whose events come three times each and in another order sends one e-mail', async () => {
    const user = newUser()
    const { body } = await checkout(user)
    await turn('deliveries', { action: 'duplicate', times: 2, count: 100 })
    await turn('deliveries', { action: 'reorder', count: 6, seed: 7 })
    await pay(body.checkout_url)
    await world.settled()
    await world.simulator.settle()
    expect((await current(user)).status).toBe('active')
    expect(await world.mailsTo(`${user}@example.com`)).toHaveLength(1)
  })
})
