import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe } from '../../support/customer.ts'
import { storeKey } from '../../support/pages.ts'
import { until } from '../../support/until.ts'
import { daysAfter } from '../../support/days.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe('an upgrade', () => {
  test('charges the previewed amount, raises the limit immediately and keeps the usage', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.consume(300)
    const { period } = await who.read()
    await world.advanceTo(daysAfter(period.start, 9))
    const preview = await who.ask('POST', '/plan/preview', { plan_id: 'plan_enterprise' })
    expect(preview).toMatchObject({
      status: 200,
      body: { when: 'now', next_price: { amount_minor: 50_000, currency: 'usd' } },
    })
    const { proration_date } = preview.body
    const changed = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', proration_date })
    expect(changed).toMatchObject({
      status: 200,
      body: { plan: { slug: 'plan_enterprise' }, status: 'active', pending_change: null, period },
    })
    const [invoice] = await who.stripeInvoices()
    expect(invoice).toMatchObject({
      status: 'paid',
      amount_paid: preview.body.amount_due.amount_minor,
    })
    expect(preview.body.amount_due.amount_minor).toBeGreaterThan(25_000)
    expect(await who.usage()).toMatchObject({ used_amount: 300, quota_limit: null })
    await world.settled()
    expect(await who.timeline()).toEqual(['checkout_opened', 'activated', 'plan_changed'])
  })

  test('has lines that name the plans, in the preview and on the invoice, and so do the products at Stripe', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { body } = await who.ask('POST', '/plan/preview', { plan_id: 'plan_enterprise' })
    await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    await world.settled()
    const [invoice] = await who.stripeInvoices()
    const onInvoice = invoice?.lines.data ?? []
    for (const lines of [body.lines as { description: string }[], onInvoice]) {
      const texts = lines.map(({ description }) => description)
      expect(texts).toContainEqual(expect.stringMatching(/^Unused time on Pro after /))
      expect(texts).toContainEqual(expect.stringContaining('Enterprise'))
    }
    const { data: products } = await world.stripe.products.list({ limit: 100 })
    expect(products.map(({ name }) => name)).toEqual(expect.arrayContaining(['Pro', 'Enterprise']))
  })

  test('is a timeline entry with both plans, their prices and who asked', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const asKey = await storeKey(world, ['app', 'operator'])
    const changed = await world.call('PUT', `/subscriptions/${who.id}/plan`, {
      user: who.user,
      body: { plan_id: 'plan_enterprise' },
      headers: { authorization: `Bearer ${asKey.key}` },
    })
    expect(changed.status).toBe(200)
    const changes = async () => (await who.ask('GET', '/timeline')).body.changes
    const last = (await changes()).at(-1)
    expect(last).toMatchObject({
      kind: 'plan_changed',
      actor: 'operator',
      plan_change: {
        from: { slug: 'plan_pro_monthly', name: 'Pro', price: { amount_minor: 2_000 } },
        to: { slug: 'plan_enterprise', name: 'Enterprise', quantity: 1 },
        at: null,
      },
      requested_by: { key_name: 'of a test', asked_by: null },
    })
    await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly', when: 'period_end' })
    expect((await changes()).at(-1)).toMatchObject({
      kind: 'plan_change_scheduled',
      plan_change: { from: { slug: 'plan_enterprise' }, to: { slug: 'plan_pro_monthly' } },
    })
  })

  test('that is declined changes nothing, awaits its payment, and takes effect when it is paid', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.cards('declines')
    const changed = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect(changed).toMatchObject({
      status: 200,
      body: {
        status: 'active',
        plan: { slug: 'plan_pro_monthly' },
        pending_change: { kind: 'awaiting_payment', plan: 'plan_enterprise' },
      },
    })
    expect(changed.body.pending_change.payment_url).toMatch(/^http/)
    await who.cards('succeeds')
    await who.payInvoice()
    expect(await who.read()).toMatchObject({
      plan: { slug: 'plan_enterprise' },
      pending_change: null,
    })
    expect(await who.timeline()).toEqual([
      'checkout_opened',
      'activated',
      'plan_change_awaits_payment',
      'payment_failed',
      'plan_changed',
    ])
  })

  test('that is declined after a change to free was scheduled stays, once it is paid', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.ask('PUT', '/plan', { plan_id: 'plan_free' })
    await who.cards('declines')
    const changed = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect(changed.body).toMatchObject({
      cancel_at: null,
      pending_change: { kind: 'awaiting_payment', plan: 'plan_enterprise' },
    })
    await who.cards('succeeds')
    await who.payInvoice()
    expect(await who.read()).toMatchObject({
      plan: { slug: 'plan_enterprise' },
      pending_change: null,
      cancel_at: null,
    })
    expect(await who.stripe()).toMatchObject({ cancel_at: null, cancel_at_period_end: false })
  })

  test('that is declined after a cancellation was scheduled withdraws it, once it is paid', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.ask('PUT', '/cancellation', { when: 'period_end' })
    await who.cards('declines')
    const changed = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect(changed.body.cancel_at).not.toBeNull()
    await who.cards('succeeds')
    await who.payInvoice()
    await world.settled()
    expect(await who.read()).toMatchObject({ plan: { slug: 'plan_enterprise' }, cancel_at: null })
    expect(await who.stripe()).toMatchObject({ cancel_at: null, cancel_at_period_end: false })
  })

  test('that waits for its payment gives way to another change, and its invoice can no longer be paid', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.cards('declines')
    await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    await who.cards('succeeds')
    const later = await who.ask('PUT', '/plan', { plan_id: 'plan_starter', when: 'period_end' })
    expect(later).toMatchObject({
      status: 200,
      body: {
        plan: { slug: 'plan_pro_monthly' },
        pending_change: { kind: 'scheduled', plan: 'plan_starter' },
      },
    })
    expect((await who.stripeInvoices())[0]).toMatchObject({ status: 'void' })
  })

  test('that is never paid is dropped, and the subscription renews unchanged', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.cards('declines')
    const { body } = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    await who.cards('succeeds')
    await world.advanceTo(daysAfter(body.pending_change.at, 1))
    await until('it is given up', async () => (await who.read()).pending_change === null)
    expect(await who.timeline()).toContain('plan_change_lapsed')
    expect((await who.read()).plan.slug).toBe('plan_pro_monthly')
    const [invoice] = await who.stripeInvoices()
    expect(invoice).toMatchObject({ status: 'void', amount_paid: 0 })
  })

  test('that awaits its payment can be withdrawn, and its invoice is voided', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.cards('declines')
    await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect(await who.ask('DELETE', '/plan/pending')).toMatchObject({
      status: 200,
      body: { pending_change: null, plan: { slug: 'plan_pro_monthly' } },
    })
    const [invoice] = await who.stripeInvoices()
    expect(invoice?.status).toBe('void')
    expect(await who.ask('DELETE', '/plan/pending')).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_withdraw' },
    })
  })

  test('is charged once for a repeat and for ten concurrent requests', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const key = randomUUID()
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' }, { key }),
      ),
    )
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200]))
    expect(await who.stripeInvoices()).toHaveLength(2)
    expect(await who.ask('PUT', '/plan', { plan_id: 'plan_pro_yearly' }, { key })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
  })

  test('is charged once if Stripe’s response is lost', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await fetch(`${world.simulator.url}/_simulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        kind: 'commit_then_reset',
        count: 1,
        method: 'POST',
        path: `/v1/subscriptions/${(await who.stripe()).id}`,
      }),
    })
    const changed = await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })
    expect(changed).toMatchObject({ status: 200, body: { plan: { slug: 'plan_enterprise' } } })
    expect(await who.stripeInvoices()).toHaveLength(2)
  })

  test('to a yearly plan begins a new period and keeps the open quota window', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    await who.consume(9_000)
    const before = await who.usage()
    await world.advanceTo(daysAfter(before.window.start, 10))
    const { body } = await who.ask('PUT', '/plan', { plan_id: 'plan_pro_yearly' })
    expect(body).toMatchObject({ plan: { slug: 'plan_pro_yearly' }, pending_change: null })
    expect(new Date(body.period.start).getTime()).toBeGreaterThan(
      new Date(before.window.start).getTime(),
    )
    expect(await who.usage()).toMatchObject({ used_amount: 9_000, window: before.window })
    expect(await who.consume(1_001)).toMatchObject({ outcome: 'refused' })
    await world.advanceTo(daysAfter(before.window.end, 0))
    expect(await who.usage()).toMatchObject({ used_amount: 0, quota_limit: 10_000 })
    const next = await who.consume(1)
    expect(next).toMatchObject({ outcome: 'allowed', used_amount: 1 })
    const after = await who.usage()
    expect(after.window.start).toBe(before.window.end)
  })

  test('with an old preview is refused, so that callers cannot choose the cheapest moment', async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const { period } = await who.read()
    for (const proration_date of [period.end, '2020-01-01T00:00:00Z'])
      expect(
        await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', proration_date }),
      ).toMatchObject({ status: 422, body: { errors: [{ field: 'proration_date' }] } })
  })
})

describe('a plan change', () => {
  test('that is not possible is refused with a fix', async () => {
    const free = await subscribe(world, 'plan_free')
    const paid = await subscribe(world, 'plan_pro_monthly')
    for (const [who, plan_id, status, code] of [
      [free, 'plan_pro_monthly', 409, 'checkout_required'],
      [paid, 'plan_pro_monthly', 409, 'plan_unchanged'],
      [paid, 'plan_none', 404, 'plan_not_found'],
    ] as const) {
      for (const path of ['/plan', '/plan/preview']) {
        const method = path === '/plan' ? 'PUT' : 'POST'
        expect(await who.ask(method, path, { plan_id })).toMatchObject({ status, body: { code } })
      }
    }
  })

  test("of another user's subscription is not found", async () => {
    const who = await subscribe(world, 'plan_pro_monthly')
    for (const [method, path] of [
      ['PUT', '/plan'],
      ['POST', '/plan/preview'],
    ] as const)
      expect(
        await world.call(method, `/subscriptions/${who.id}${path}`, {
          user: 'somebody-else',
          body: { plan_id: 'plan_enterprise' },
        }),
      ).toMatchObject({ status: 404, body: { code: 'subscription_not_found' } })
  })
})
