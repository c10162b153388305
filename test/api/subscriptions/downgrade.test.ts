import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fastForward } from '../../../adapters/temporal/time-skipping.ts'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { turn, undo } from '../../support/dashboard.ts'
import { deliver } from '../../support/webhook.ts'
import { subscribe } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { daysAfter } from '../../support/days.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe('a downgrade', () => {
  test('takes effect at the end of the paid period, and the renewal has the new price', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    const { body } = await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    expect(body).toMatchObject({
      plan: { slug: 'plan_enterprise' },
      pending_change: { kind: 'scheduled', plan: 'plan_pro_monthly', at: body.period.end },
    })
    await world.advanceTo(daysAfter(body.period.end, 1))
    await until('it renewed', async () => (await who.read()).period.start === body.period.end)
    expect(await who.read()).toMatchObject({
      plan: { slug: 'plan_pro_monthly' },
      pending_change: null,
    })
    const [invoice] = await who.stripeInvoices()
    expect(invoice).toMatchObject({ amount_paid: 2_000, status: 'paid' })
    expect(await who.usage()).toMatchObject({ used_amount: 0, quota_limit: 10_000 })
  })

  test('is reported as a plan change, also if the invoice of the renewal is read first', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    const { body } = await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    const id = subscriptionWorkflowId(who.id)
    const closed = new Date(Date.parse(body.period.end) + 2 * 3_600_000)
    await fastForward(world.container.temporal.client, id, closed)
    await world.moveTo(closed)
    await turn(world, 'deliveries', { action: 'drop', count: 1_000 })
    await world.simulator.settle()
    await world.settled()
    await undo(world)
    const { data } = await world.stripe.events.list({ type: 'invoice.paid', limit: 1 })
    await deliver(world, data[0]!)
    await world.settled()
    expect(await who.mails()).toContain('Your Pro subscription was renewed')
  })

  test('can be withdrawn, and the subscription renews unchanged', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    const { body } = await who.ask('DELETE', '/plan/pending')
    expect(body).toMatchObject({ pending_change: null })
    await world.advanceTo(daysAfter(body.period.end, 1))
    await until('it renewed', async () => (await who.read()).period.start === body.period.end)
    expect((await who.read()).plan.slug).toBe('plan_enterprise')
    expect(await who.timeline()).toContain('plan_change_withdrawn')
  })

  test('is replaced by a later one, by a cancellation, and by an upgrade now', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    const later = await who.ask('PUT', '/plan', { plan_id: 'plan_pro_yearly', when: 'period_end' })
    expect(later.body.pending_change).toMatchObject({ plan: 'plan_pro_yearly' })
    const canceled = await who.ask('PUT', '/cancellation', { when: 'period_end' })
    expect(canceled.body).toMatchObject({
      pending_change: null,
      cancel_at: canceled.body.period.end,
    })
    const again = await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    expect(again.body).toMatchObject({
      cancel_at: null,
      pending_change: { plan: 'plan_pro_monthly' },
    })
    const now = await who.ask(
      'PUT',
      '/plan',
      { plan_id: 'plan_pro_yearly', when: 'now' },
      { operator: true },
    )
    expect(now.body).toMatchObject({ plan: { slug: 'plan_pro_yearly' }, pending_change: null })
  })
})

describe('a change from a paid plan to a free one', () => {
  test('at the end of the period continues the same subscription, without Stripe', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { body } = await who.ask('PUT', '/plan', { plan_id: 'plan_free' })
    expect(body).toMatchObject({
      cancel_at: null,
      access_until: null,
      pending_change: { kind: 'scheduled', plan: 'plan_free', at: body.period.end },
    })
    await world.advanceTo(daysAfter(body.period.end, 1))
    await until('it is free', async () => (await who.read()).plan.slug === 'plan_free')
    expect(await who.read()).toMatchObject({
      id: who.id,
      status: 'active',
      has_access: true,
      period: { start: body.period.end },
    })
    expect((await who.stripe()).status).toBe('canceled')
    expect(await who.usage()).toMatchObject({ used_amount: 0, quota_limit: 100 })
    // From then on it renews without Stripe.
    await world.advanceTo(daysAfter(body.period.end, 40))
    expect(new Date((await who.read()).period.end).getTime()).toBeGreaterThan(
      daysAfter(body.period.end, 40).getTime(),
    )
  })

  test('now lowers the limit, keeps the usage, and allows an upgrade later', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.consume(500)
    const free = { plan_id: 'plan_free', when: 'now' }
    const { body } = await who.ask('PUT', '/plan', free, { operator: true })
    expect(body).toMatchObject({ plan: { slug: 'plan_free' }, status: 'active' })
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
    const again = await subscribe(world, 'plan_pro_monthly', { user: who.user })
    expect(again.id).toBe(who.id)
    expect(await again.read()).toMatchObject({
      plan: { slug: 'plan_pro_monthly' },
      status: 'active',
    })
    expect(await again.consume(1)).toMatchObject({ outcome: 'allowed' })
  })

  test('can be withdrawn, and Stripe continues to charge', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.ask('PUT', '/plan', { plan_id: 'plan_free' })
    expect((await who.ask('DELETE', '/plan/pending')).body).toMatchObject({ pending_change: null })
    expect((await who.stripe()).cancel_at).toBeNull()
  })

  test('is dropped if the cancellation is withdrawn at Stripe', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.ask('PUT', '/plan', { plan_id: 'plan_free' })
    await world.stripe.subscriptions.update((await who.stripe()).id, { cancel_at: '' })
    await world.settled()
    expect(await who.read()).toMatchObject({ pending_change: null, cancel_at: null })
  })
})
