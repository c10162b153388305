import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { bodyOf } from '../../../api/webhooks/outgoing.ts'
import { AGE_MAX_MS } from '../../../domain/webhook/delivery.ts'
import { applicationOfEachTest } from '../../support/application-of-each-test.ts'
import { subscribe } from '../../support/customer.ts'

const HOUR_MS = 3_600_000
const { its, operate, deliver, deliveries, typesOf, later, freePlan } = applicationOfEachTest()

describe('an application', () => {
  test('receives the events of a subscription in order, each once, signed and as documented', async () => {
    const who = await subscribe(its.world, 'plan_pro_monthly')
    await who.consume(10_000)
    await its.world.settled()
    await who.ask('PUT', '/cancellation', { when: 'period_end' })
    await its.world.advanceTo(later(32 * 24 * HOUR_MS))
    await deliver()
    expect(await deliver()).toBe(0)
    const types = typesOf(who.id)
    expect(types.slice(0, 2)).toEqual(['subscription.created', 'checkout.opened'])
    expect(types.at(-1)).toBe('subscription.canceled')
    expect(types.toSorted()).toEqual(
      [
        'subscription.created',
        'checkout.opened',
        'subscription.activated',
        'invoice.paid',
        'quota.threshold_reached',
        'quota.threshold_reached',
        'subscription.cancellation_scheduled',
        'subscription.canceled',
      ].toSorted(),
    )
    for (const got of its.receiver.received) {
      expect(got.verify(its.endpoint.secret)).toEqual(got.body)
      expect(bodyOf(got.body.type).strict().safeParse(got.body).error).toBeUndefined()
    }
    const ids = its.receiver.received.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const sequences = its.receiver.received.map(({ body }) => body.data.sequence)
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
    const activated = its.receiver.received.find(
      ({ body }) => body.type === 'subscription.activated',
    )!.body
    expect(activated.data).toMatchObject({
      user_id: who.user,
      actor: 'stripe',
      previous: { status: 'incomplete', plan: 'plan_pro_monthly' },
      subscription: { status: 'active', has_access: true, plan: { slug: 'plan_pro_monthly' } },
    })
    const quota = its.receiver.received.find(({ body }) => body.type.startsWith('quota.'))!.body
    expect(quota.data.quota).toMatchObject({ feature: 'messages_sent', threshold_percent: 80 })
  })

  test('receives events of declined, refunded and disputed invoices', async () => {
    const who = await subscribe(its.world, 'plan_pro_monthly')
    await who.cards('declines')
    await its.world.advanceTo(later(32 * 24 * HOUR_MS))
    await deliver()
    const failed = its.receiver.received.filter(
      ({ body }) => body.type === 'invoice.payment_failed',
    )
    expect(failed.length).toBeGreaterThanOrEqual(1)
    expect(failed[0]!.body.data.invoice).toMatchObject({ status: 'open', attempt_count: 1 })
    expect(typesOf(who.id)).toContain('subscription.past_due')
    await who.cards('succeeds')
    await who.payInvoice()
    await deliver()
    expect(typesOf(who.id)).toContain('subscription.recovered')
    expect(typesOf(who.id).filter((type) => type === 'invoice.paid')).toHaveLength(2)
    const failures = its.receiver.received
      .filter(({ body }) => body.type === 'invoice.payment_failed')
      .map(({ id }) => id)
    expect(new Set(failures).size).toBe(failures.length)
  })

  test('that chooses types receives no others', async () => {
    await operate('PUT', `webhook-endpoints/${its.endpoint.id}`, {
      url: its.receiver.url,
      event_types: ['subscription.canceled'],
    })
    const who = await freePlan()
    await who.ask('PUT', '/cancellation', { when: 'now' })
    await deliver()
    expect(typesOf()).toEqual(['subscription.canceled'])
  })
})

describe('a receiver that', () => {
  test('fails for one subscription delays only the later events of this one', async () => {
    const [ada, bob] = [await freePlan(), await freePlan()]
    await ada.ask('PUT', '/cancellation', { when: 'period_end' })
    its.receiver.behaves(({ body }) => (body.data.user_id === ada.user ? 500 : 200))
    await deliver()
    expect(typesOf(bob.id)).toEqual(['subscription.created', 'subscription.activated'])
    expect(typesOf(ada.id)).toEqual(['subscription.created'])
    expect(await deliveries(`subscription_id=${ada.id}&limit=1`)).toMatchObject([
      { type: 'subscription.cancellation_scheduled', state: 'pending', attempts: 0 },
    ])
    expect(await deliver(later(3_000))).toBe(0)
    its.receiver.behaves(() => 200)
    await deliver(later(7_000))
    expect(typesOf(ada.id)).toEqual([
      'subscription.created',
      'subscription.created',
      'subscription.activated',
      'subscription.cancellation_scheduled',
    ])
    const [first, again] = its.receiver.received.filter(
      ({ body }) => body.data.user_id === ada.user,
    )
    expect([again!.id, again!.text]).toEqual([first!.id, first!.text])
  })

  test('answers 410 is disabled, until it is enabled and replayed', async () => {
    its.receiver.behaves(() => 410)
    const who = await freePlan()
    await deliver()
    const { body: gone } = await operate('GET', `webhook-endpoints/${its.endpoint.id}`)
    expect(gone).toMatchObject({ state: 'disabled', disabled_reason: 'it answered 410 Gone' })
    await who.ask('PUT', '/cancellation', { when: 'now' })
    expect(await deliver(later(HOUR_MS))).toBe(0)
    expect(its.receiver.received).toHaveLength(1)
    its.receiver.behaves(() => 200)
    const since = new Date(Date.parse(gone.disabled_at) - HOUR_MS).toISOString()
    const replay = { endpoint_id: its.endpoint.id, since }
    expect((await operate('POST', 'webhook-deliveries/replay', replay)).body.code).toBe(
      'webhook_endpoint_disabled',
    )
    await operate('PUT', `webhook-endpoints/${its.endpoint.id}/state`, { state: 'enabled' })
    const first = await operate('POST', 'webhook-deliveries/replay', replay, 'replay-1')
    expect(first.body).toEqual({ replayed: 3, next_since: null })
    await deliver()
    expect(typesOf().slice(1)).toEqual([
      'subscription.created',
      'subscription.activated',
      'subscription.canceled',
    ])
    // A repeat with the same key is the same replay.
    expect((await operate('POST', 'webhook-deliveries/replay', replay, 'replay-1')).body).toEqual(
      first.body,
    )
    expect(await deliver()).toBe(0)
  })

  test('sends Retry-After delays the events of all subscriptions', async () => {
    its.receiver.behaves(() => (to) => {
      to.writeHead(429, { 'retry-after': '600' }).end()
    })
    await freePlan()
    await deliver()
    const count = its.receiver.received.length
    its.receiver.behaves(() => 200)
    const other = await freePlan()
    expect(await deliver(later(9 * 60_000))).toBe(0)
    expect(its.receiver.received).toHaveLength(count)
    await deliver(later(11 * 60_000))
    expect(typesOf(other.id)).toEqual(['subscription.created', 'subscription.activated'])
  })

  test.each<[string, (to: ServerResponse) => void, string]>([
    ['redirects', (to) => to.writeHead(302, { location: '/else' }).end(), 'it answered 302'],
    ['closes the connection', (to) => to.destroy(), 'socket hang up'],
    ['answers 500', (to) => to.writeHead(500).end('broken'), 'it answered 500'],
  ])('%s has not acknowledged', async (_what, answer, error) => {
    its.receiver.behaves(() => answer)
    await freePlan()
    await deliver()
    expect(await deliveries('state=pending')).toContainEqual(
      expect.objectContaining({ attempts: 1, last_error: error }),
    )
    expect(its.receiver.received.every(({ headers }) => headers['host'] !== undefined)).toBe(true)
    expect(its.receiver.received).toHaveLength(1)
  })

  test('never ends its response has acknowledged with its status', async () => {
    its.receiver.behaves(() => (to) => {
      to.writeHead(200)
      const talk = () => {
        while (!to.destroyed && to.write('x'.repeat(65_536)));
        if (!to.destroyed) to.once('drain', talk)
      }
      talk()
    })
    await freePlan()
    await deliver()
    expect((await deliveries()).map(({ state }: { state: string }) => state)).toEqual([
      'delivered',
      'delivered',
    ])
  })

  test('fails for days gets no more attempts, then is disabled', async () => {
    its.receiver.behaves(() => 503)
    await freePlan()
    await deliver()
    for (let hours = 1; hours <= 80; hours += 5) await deliver(later(hours * HOUR_MS))
    const { body } = await operate('GET', `webhook-endpoints/${its.endpoint.id}`)
    expect(body.state).toBe('disabled')
    expect(body.disabled_reason).toMatch(/^nothing was acknowledged since/)
    expect(Date.parse(body.disabled_at) - Date.parse(body.failing_since)).toBeGreaterThanOrEqual(
      AGE_MAX_MS,
    )
    expect((await deliveries('state=pending')).length).toBe(0)
  })
})

test('two concurrent workers send nothing twice and keep the order', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => freePlan()))
  await Promise.all(people.map((who) => who.ask('PUT', '/cancellation', { when: 'now' })))
  its.receiver.behaves(() => async (to) => {
    await new Promise((resolve) => setImmediate(resolve))
    to.writeHead(204).end()
  })
  await Promise.all([deliver(), deliver(), deliver()])
  await deliver()
  expect(its.receiver.received).toHaveLength(18)
  for (const { id } of people)
    expect(typesOf(id)).toEqual([
      'subscription.created',
      'subscription.activated',
      'subscription.canceled',
    ])
})
