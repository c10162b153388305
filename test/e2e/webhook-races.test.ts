import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { pay } from '../support/checkout-page.ts'
import { subscribe, unpaidCustomer } from '../support/customer.ts'
import { anEvent, deliver } from '../support/webhook.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function eventsComeFirst(on: boolean) {
  const answer = await fetch(`${world.simulator.url}/_simulator/deliveries/before_response`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
const stateOf = async (eventId: string) =>
  (
    await world.database.pool.query('select state, reason from stripe_events where event_id = $1', [
      eventId,
    ])
  ).rows[0]

describe('webhooks that come before Stripe’s answer to the request that caused them', () => {
  test('begin, change and end a subscription once each', async () => {
    await eventsComeFirst(true)
    const buyer = await unpaidCustomer(world)
    await pay((await buyer.read()).checkout.url)
    await world.settled()
    const changed = await buyer.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
    expect(changed).toMatchObject({ status: 200 })
    expect(await buyer.ask('PUT', '/cancellation', { when: 'now' })).toMatchObject({ status: 200 })
    await world.settled()
    await eventsComeFirst(false)
    expect(await buyer.timeline()).toEqual([
      'checkout_opened',
      'activated',
      'plan_changed',
      'canceled',
    ])
    const mails = await buyer.mails()
    expect(new Set(mails).size).toBe(mails.length)
    expect(await buyer.stripeInvoices()).toHaveLength(2)
  })
})

describe('an event about what is gone by the time it is read', () => {
  test('a subscription that never was is parked, and says so', async () => {
    const object = { id: 'sub_gone', object: 'subscription' }
    const event = anEvent({ type: 'customer.subscription.updated', object })
    expect((await deliver(world, event)).status).toBe(200)
    await world.settled()
    expect(await stateOf(event.id)).toEqual({
      state: 'parked',
      reason: 'there is no such subscription at Stripe',
    })
  })

  test('the event of a deleted draft invoice is parked, and the subscription continues', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const { id: stripeId } = await payer.stripe()
    const parent = { subscription_details: { subscription: stripeId } }
    const event = anEvent({
      type: 'invoice.created',
      object: { id: 'in_gone', object: 'invoice', parent },
    })
    await deliver(world, event)
    await world.settled()
    expect((await stateOf(event.id)).state).toBe('parked')
    expect(await payer.read()).toMatchObject({ status: 'active' })
  })
})

describe('an event about an invoice', () => {
  test('that is not made yet, and has no id, is parked', async () => {
    const event = anEvent({ type: 'invoice.upcoming', object: { object: 'invoice' } })
    expect((await deliver(world, event)).status).toBe(200)
    await world.settled()
    expect(await stateOf(event.id)).toEqual({ state: 'parked', reason: 'it belongs to no invoice' })
  })

  test('that Stripe cannot finalize is reported to operators: its subscription is not charged any more', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const [invoice] = await payer.stripeInvoices()
    const warn = vi.spyOn(world.container.logger, 'warn')
    const event = anEvent({
      type: 'invoice.finalization_failed',
      object: { id: invoice?.id, object: 'invoice' },
    })
    await deliver(world, event)
    await world.settled()
    expect(await stateOf(event.id)).toMatchObject({ state: 'done' })
    expect(warn.mock.calls.map(([about]) => about)).toContainEqual({
      invoiceId: invoice?.id,
      subscriptionId: payer.id,
    })
  })
})

describe('an event without its object, while those are switched off,', () => {
  test('is kept and parked, not refused', async () => {
    const event = {
      id: 'evt_thin_off',
      object: 'v2.core.event',
      type: 'v1.customer.subscription.updated',
      livemode: false,
      created: new Date().toISOString(),
      related_object: { id: 'sub_x', type: 'subscription', url: '/v1/subscriptions/sub_x' },
    }
    expect((await deliver(world, event)).status).toBe(200)
    expect(await stateOf(event.id)).toMatchObject({ state: 'parked' })
  })
})
