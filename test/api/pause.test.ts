import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(world.clock.now().getTime() + days * DAY_MS)
describe.each(['plan_pro_monthly', 'plan_free'])('a paused %s', (plan) => {
  test('has no access, for any length of the pause', async () => {
    const who = await subscribe(world, plan)
    const paused = await who.ask('PUT', '/pause', {})
    expect(paused).toMatchObject({
      status: 200,
      body: { status: 'paused', has_access: false, resumes_at: null },
    })
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'no_access' })
    await world.advanceTo(inDays(70))
    expect((await who.read()).status).toBe('paused')
    expect((await who.timeline()).at(-1)).toBe('paused')
  })

  test('that outlasts its paid period ends immediately if it is canceled at the end of the period', async () => {
    const who = await subscribe(world, plan)
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(70))
    const canceled = await who.ask('PUT', '/cancellation', { when: 'period_end' })
    expect(canceled).toMatchObject({ status: 200, body: { status: 'canceled' } })
  })

  test('replaces a scheduled cancellation', async () => {
    const who = await subscribe(world, plan)
    await who.ask('PUT', '/cancellation', { when: 'period_end' })
    const paused = await who.ask('PUT', '/pause', {})
    expect(paused.body).toMatchObject({ status: 'paused', cancel_at: null })
  })

  test('continues after the resumption, with its usage', async () => {
    const who = await subscribe(world, plan)
    await who.consume(60)
    await world.advanceTo(inDays(3))
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(3))
    expect(await who.ask('DELETE', '/pause')).toMatchObject({
      status: 200,
      body: { status: 'active', has_access: true },
    })
    expect(await who.usage()).toMatchObject({ used_amount: 60 })
    expect(await who.consume(1)).toMatchObject({ outcome: 'allowed', used_amount: 61 })
    expect((await who.timeline()).slice(-2)).toEqual(['paused', 'resumed'])
  })

  test('resumes automatically on its day, and renews from then on', async () => {
    const who = await subscribe(world, plan)
    const resumes_at = inDays(10).toISOString()
    const { body } = await who.ask('PUT', '/pause', { resumes_at })
    expect(body).toMatchObject({ status: 'paused', resumes_at })
    await world.advanceTo(inDays(11))
    await until('the resumption', async () => (await who.read()).status === 'active')
    expect(await who.read()).toMatchObject({ resumes_at: null, has_access: true })
    await world.advanceTo(inDays(35))
    expect((await who.read()).status).toBe('active')
  })
})

describe('a pause', () => {
  test('has no invoices', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(70))
    expect(await who.stripeInvoices()).toHaveLength(1)
  })

  test('credits the rest of the paid period to the invoice of the resumption', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await world.advanceTo(inDays(15))
    await who.ask('PUT', '/pause', {})
    const { body } = await who.ask('DELETE', '/pause')
    expect(body.status).toBe('active')
    const [invoice] = await who.stripeInvoices()
    expect(invoice?.amount_paid).toBeGreaterThan(800)
    expect(invoice?.amount_paid).toBeLessThan(1_200)
  })

  test('stays if the resumption is declined, has a payment page, and ends after the payment', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await world.advanceTo(inDays(15))
    await who.ask('PUT', '/pause', { resumes_at: inDays(5).toISOString() })
    await who.cards('declines')
    await world.advanceTo(inDays(5))
    await until('it was tried', async () => (await who.read()).pending_change !== null)
    expect(await who.read()).toMatchObject({
      status: 'paused',
      has_access: false,
      resumes_at: null,
      pending_change: { kind: 'awaiting_payment' },
    })
    await who.cards('succeeds')
    await who.payInvoice()
    expect(await who.read()).toMatchObject({ status: 'active', pending_change: null })
    expect((await who.timeline()).slice(-4)).toEqual([
      'paused',
      'plan_change_awaits_payment',
      'payment_failed',
      'resumed',
    ])
  })

  test('replaces a pending change, and is refused if already paused', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    expect((await who.ask('PUT', '/pause', {})).body).toMatchObject({
      status: 'paused',
      pending_change: null,
    })
    expect(await who.ask('PUT', '/pause', {})).toMatchObject({
      status: 409,
      body: { code: 'move_not_allowed' },
    })
  })

  test('until the past, or for years, is refused and names the field', async () => {
    const who = await subscribe(world, 'plan_free')
    for (const resumes_at of [inDays(-1), inDays(800)])
      expect(await who.ask('PUT', '/pause', { resumes_at })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'resumes_at' }] },
      })
  })

  test('ends immediately if it is canceled', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.ask('PUT', '/pause', {})
    expect((await who.ask('PUT', '/cancellation', { when: 'now' })).body.status).toBe('canceled')
  })
})
