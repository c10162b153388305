import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(world.clock.now().getTime() + days * DAY_MS)
/** The timeline without the thresholds of quotas, which are entered a little later. */
const kindsOf = async (who: Customer) =>
  (await who.timeline()).filter((kind) => kind !== 'quota_threshold')

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

  test('stops the clock of time and quota: a used quota is not fresh after the resumption, and nothing is charged', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { period } = await who.read()
    expect(await who.consume(10_000)).toMatchObject({ outcome: 'allowed', remaining: 0 })
    await world.advanceTo(inDays(10))
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(40))
    const { body } = await who.ask('DELETE', '/pause')
    // Stripe's events about the resumption are read, too.
    await world.settled()
    expect((await who.ask('POST', '/sync', undefined, { operator: true })).status).toBe(200)
    expect(body).toMatchObject({
      status: 'active',
      has_access: true,
      paused_at: null,
      trial_end: null,
    })
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
    expect((await who.stripeInvoices()).map(({ amount_due }) => amount_due)).toEqual([0, 2_000])
    const moved = Date.parse(body.period.end) - Date.parse(period.end)
    expect(Math.abs(moved - 40 * DAY_MS)).toBeLessThan(60_000)
    expect(await who.usage()).toMatchObject({ used_amount: 10_000, resets_at: body.period.end })
  })

  test('and the resumption show no invoice that charges and says nothing; the export keeps it', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await world.advanceTo(inDays(2))
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(2))
    await who.ask('DELETE', '/pause')
    await world.settled()
    expect((await who.stripeInvoices()).map(({ total }) => total)).toEqual([0, 2_000])
    const { body } = await world.call('GET', '/invoices', { user: who.user })
    const amounts = body.invoices.map((each: { amount_due_minor: number }) => each.amount_due_minor)
    expect(amounts).toEqual([2_000])
    const { rows } = await world.database.pool.query(
      'select amount_due_minor from invoices where subscription_id = $1 order by created_at',
      [who.id],
    )
    expect(rows).toHaveLength(2)
  })

  test('of a period continues to its moved end, and is then renewed and charged once', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.consume(10_000)
    await world.advanceTo(inDays(10))
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(40))
    await who.ask('DELETE', '/pause')
    await world.advanceTo(inDays(22))
    await until('the renewal', async () => (await kindsOf(who)).at(-1) === 'renewed')
    expect(await who.read()).toMatchObject({ status: 'active', has_access: true })
    expect(await who.consume(10_000)).toMatchObject({ outcome: 'allowed', remaining: 0 })
    await world.settled()
    const paid = (await who.stripeInvoices()).map(({ amount_due }) => amount_due)
    expect(paid).toEqual([2_000, 0, 2_000])
    expect((await kindsOf(who)).slice(-3)).toEqual(['paused', 'resumed', 'renewed'])
  })

  test('stops the monthly quota inside a year, which opens anew when it is due', async () => {
    const who = await subscribe(world, 'plan_pro_yearly')
    await who.consume(10_000)
    await world.advanceTo(inDays(20))
    await who.ask('PUT', '/pause', {})
    expect(await who.usage()).toMatchObject({ used_amount: 10_000, resets_at: null })
    await world.advanceTo(inDays(45))
    await who.ask('DELETE', '/pause')
    await world.advanceTo(inDays(6))
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
    await world.advanceTo(inDays(8))
    expect(await who.consume(10_000)).toMatchObject({ outcome: 'allowed' })
    await world.advanceTo(inDays(20))
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
  })

  test('and a cancellation and a free plan give no fresh quota', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.consume(10_000)
    await world.advanceTo(inDays(10))
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(40))
    await who.ask('PUT', '/cancellation', { when: 'now' })
    const again = await subscribe(world, 'plan_free', { user: who.user })
    expect(await again.usage()).toMatchObject({ used_amount: 10_000 })
    await world.advanceTo(inDays(22))
    expect(await again.usage()).toMatchObject({ used_amount: 0 })
  })

  test('is refused while the invoice of the period is not paid', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { end } = (await who.read()).period
    await world.advanceTo(new Date(Date.parse(end) + 60_000))
    await until('the renewal', async () => (await who.timeline()).at(-1) === 'renewed')
    expect(await who.ask('PUT', '/pause', {})).toMatchObject({
      status: 409,
      body: { code: 'payment_pending' },
    })
    await world.advanceTo(new Date(Date.parse(end) + 2 * 3_600_000))
    expect((await who.ask('PUT', '/pause', {})).body.status).toBe('paused')
  })

  test('is followed by a plan change that begins a period of its own and is charged', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await world.advanceTo(inDays(10))
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(40))
    await who.ask('DELETE', '/pause')
    const preview = await who.ask('POST', '/plan/preview', { plan_id: 'plan_enterprise' })
    const changed = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect(changed.body).toMatchObject({ status: 'active', plan: { slug: 'plan_enterprise' } })
    const [invoice] = await who.stripeInvoices()
    expect(invoice?.amount_paid).toBe(preview.body.amount_due.amount_minor)
    expect(invoice?.amount_paid).toBe(50_000)
  })

  test('is followed by a downgrade at the moved end of the period', async () => {
    const who = await subscribe(world, 'plan_enterprise')
    await world.advanceTo(inDays(10))
    await who.ask('PUT', '/pause', {})
    await world.advanceTo(inDays(40))
    const { period } = (await who.ask('DELETE', '/pause')).body
    const { body } = await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly' })
    expect(body).toMatchObject({
      status: 'active',
      period,
      pending_change: { kind: 'scheduled', plan: 'plan_pro_monthly', at: period.end },
    })
    await world.advanceTo(inDays(22))
    await until('the downgrade', async () => (await who.read()).plan.slug === 'plan_pro_monthly')
    expect(await who.read()).toMatchObject({ status: 'active', pending_change: null })
    await world.settled()
    expect((await who.stripeInvoices())[0]?.amount_due).toBe(2_000)
  })

  test('that was made at Stripe leaves nothing: a declined resumption stays paused, has a payment page, and ends after the payment', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await world.advanceTo(inDays(15))
    await world.stripe.subscriptions.pause((await who.stripe()).id, { type: 'subscription' })
    await until('the pause', async () => (await who.read()).status === 'paused')
    expect((await who.read()).paused_at).toBeNull()
    await who.cards('declines')
    await who.ask('DELETE', '/pause')
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
