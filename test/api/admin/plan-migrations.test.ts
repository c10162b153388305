import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlanOfVersions, askOperator, migrate } from '../../support/migrations.ts'
import { aPayer } from '../../support/payer.ts'
import { subscribe, type Customer } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const versionsOf = (customers: readonly Customer[]) =>
  Promise.all(customers.map(async (each) => (await each.read()).plan.version))
const buyers = (slug: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => subscribe(world, slug)))

describe('a migration', () => {
  test('migrates a canary, waits for approval, migrates the others, and can be rolled back', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ quota: 10 })
    const customers = await buyers(slug, 8)
    await publish({ quota: 30 })
    const job = await migrate(world, {
      from: [{ plan: slug, version: 1 }],
      to: { plan: slug, version: 2 },
      when: 'now',
      canary_percent: 25,
    })
    const canary = await job.reaches('awaiting_approval')
    expect(canary.report).toMatchObject({ total: 8, canary: 2, states: { moved: 2, pending: 6 } })
    expect((await versionsOf(customers)).filter((version) => version === 2)).toHaveLength(2)
    expect(await job.steer('running')).toMatchObject({ status: 200 })
    expect((await job.reaches('done')).report.states).toMatchObject({ moved: 8, pending: 0 })
    expect(new Set(await versionsOf(customers))).toEqual(new Set([2]))
    expect(await customers[0]!.usage()).toMatchObject({ quota_limit: 30 })

    expect(await job.steer('rolled_back')).toMatchObject({ status: 200 })
    expect((await job.reaches('rolled_back')).report.states).toMatchObject({ rolled_back: 8 })
    expect(new Set(await versionsOf(customers))).toEqual(new Set([1]))
    expect((await customers[0]!.timeline()).slice(-2)).toEqual(['plan_changed', 'plan_changed'])
  })

  test('migrates only subscriptions that match its filter', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ quota: 10 })
    const customers = await buyers(slug, 3)
    await publish({ quota: 30 })
    const about = async (filter: object, dry_run = true) => {
      const job = await migrate(world, {
        from: [{ plan: slug, version: 1 }],
        to: { plan: slug, version: 2 },
        when: 'now',
        canary_percent: 0,
        filter,
        dry_run,
      })
      return (await job.reaches(dry_run ? 'reviewed' : 'done')).report.total
    }
    const tomorrow = new Date(world.clock.now().getTime() + 86_400_000).toISOString()
    expect(await about({ statuses: ['past_due'] })).toBe(0)
    expect(await about({ statuses: ['active'] })).toBe(3)
    expect(await about({ subscribed_since: tomorrow })).toBe(0)
    expect(await about({ subscribed_before: tomorrow })).toBe(3)
    const [one, other] = customers
    expect(await about({ user_ids: [one!.user, other!.user] }, false)).toBe(2)
    expect(await versionsOf(customers)).toEqual([2, 2, 1])
  })

  test('as a dry run reports the outcome and the cost, and keeps customers’ own changes', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const stays = await aPayer(world, slug)
    const leaves = await aPayer(world, slug)
    await leaves.ask('PUT', '/cancellation', { when: 'period_end' })
    const changes = await aPayer(world, slug)
    await changes.ask('PUT', '/plan', { plan_id: 'plan_starter', when: 'period_end' })
    await publish({ priceMinor: 3_000 })
    const request = { from: [{ plan: slug, version: 1 }], to: { plan: slug, version: 2 } }
    const dry = await migrate(world, { ...request, when: 'now', dry_run: true })
    const { report } = await dry.reaches('reviewed')
    expect(report).toMatchObject({
      states: { pending: 1, skipped: 2 },
      reasons: { leaving: 1, change_pending: 1 },
      money: [
        {
          currency: 'usd',
          subscriptions: 1,
          per_period_before_minor: 2_000,
          per_period_after_minor: 3_000,
        },
      ],
    })
    const preview = await stays.ask('POST', '/plan/preview', { plan_id: slug, when: 'now' })
    const due = preview.body.amount_due.amount_minor
    expect(Math.abs(report.money[0].due_now_minor - due)).toBeLessThanOrEqual(1)
    expect((await stays.read()).plan.version).toBe(1)

    const real = await migrate(world, { ...request, when: 'now', canary_percent: 0 })
    expect((await real.reaches('done')).report.states).toMatchObject({ moved: 1, skipped: 2 })
    await world.settled()
    expect((await stays.read()).plan.version).toBe(2)
    const [invoice] = await stays.stripeInvoices()
    expect(Math.abs((invoice?.amount_paid ?? 0) - due)).toBeLessThanOrEqual(1)
    expect((await leaves.read()).cancel_at).not.toBeNull()
    expect((await changes.read()).pending_change).toMatchObject({ plan: 'plan_starter' })
  })

  test('at the renewals charges nothing before, and sends letters afterwards', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const [early, late] = [await aPayer(world, slug), await aPayer(world, slug)]
    await publish({ priceMinor: 2_500 })
    const job = await migrate(world, {
      from: [{ plan: slug, version: 1 }],
      to: { plan: slug, version: 2 },
      canary_percent: 0,
    })
    const { report } = await job.reaches('done')
    expect(report).toMatchObject({ states: { scheduled: 2 }, money: [{ due_now_minor: 0 }] })
    expect((await early.read()).pending_change).toMatchObject({ kind: 'scheduled', version: 2 })
    await late.ask('DELETE', '/plan/pending')
    await early.toRenewal()
    expect((await job.read()).report).toMatchObject({
      states: { moved: 1, kept: 1 },
      reasons: { given_up: 1 },
    })
    expect((await early.stripeInvoices())[0]).toMatchObject({ amount_paid: 2_500 })
    await job.steer('rolled_back')
    expect((await job.reaches('rolled_back')).report.states).toMatchObject({ rolled_back: 2 })
    expect((await early.read()).plan.version).toBe(1)
  })

  test('can be rolled back to a retired and archived version, which is archived again afterwards', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({ priceMinor: 2_000 })
    const payer = await aPayer(world, slug)
    await publish({ priceMinor: 3_000 })
    const price = async () => {
      await world.container.pushCatalogue(world.clock.now())
      return (await world.stripe.prices.list({ lookup_keys: [`${slug}:v1:monthly:usd`] })).data[0]!
    }
    const versions = { from: [{ plan: slug, version: 1 }], to: { plan: slug, version: 2 } }
    const job = await migrate(world, { ...versions, when: 'now', canary_percent: 0 })
    await job.reaches('done')
    await askOperator(world, 'PUT', `/plans/${slug}/versions/1/retirement`)
    expect(await price()).toMatchObject({ active: false })

    expect(await job.steer('rolled_back')).toMatchObject({ status: 200 })
    expect(await price()).toMatchObject({ active: true })
    expect((await job.reaches('rolled_back')).report.states).toMatchObject({ rolled_back: 1 })
    expect((await payer.read()).plan.version).toBe(1)
    expect((await payer.stripe()).items.data[0]).toMatchObject({ price: { unit_amount: 2_000 } })
    expect(await price()).toMatchObject({ active: false })
  })

  test('respects its rate, and can be paused, continued and stopped', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({})
    await buyers(slug, 3)
    await publish({})
    const job = await migrate(world, {
      from: [{ plan: slug, version: 1 }],
      to: { plan: slug, version: 2 },
      when: 'now',
      canary_percent: 60,
      rate_per_minute: 1,
    })
    // The canary of two is one page, and each page is followed by a minute of waiting.
    await job.reaches('canary')
    expect(await job.steer('paused')).toMatchObject({ status: 200, body: { state: 'paused' } })
    expect(await job.steer('paused')).toMatchObject({ status: 200, body: { state: 'paused' } })
    expect(await job.steer('running')).toMatchObject({ status: 200 })
    const key = randomUUID()
    expect(await job.steer('stopped', key)).toMatchObject({ body: { state: 'stopped' } })
    expect(await job.steer('stopped', key)).toMatchObject({ body: { state: 'stopped' } })
    expect(await job.steer('running')).toMatchObject({
      status: 409,
      body: { code: 'migration_over' },
    })
    const { states } = (await job.read()).report
    expect(states.moved + states.pending).toBe(3)
    expect(states.pending).toBeGreaterThan(0)
  })
})

describe('a migration is refused', () => {
  test('if it forms a cycle, overlaps, or leads to a version that is not for sale', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({})
    await subscribe(world, slug)
    await publish({})
    await publish({})
    await askOperator(world, 'POST', `/plans/${slug}/versions`, {})
    const named = (version: number) => ({ plan: slug, version })
    const ask = (from: number, to: number) =>
      askOperator(world, 'POST', '/plan-migrations', {
        from: [named(from)],
        to: named(to),
        reason: 'test',
      })
    const running = await migrate(world, {
      from: [named(1)],
      to: named(2),
      rate_per_minute: 1,
      canary_percent: 100,
    })
    await running.reaches('canary', 'awaiting_approval')
    expect(await ask(1, 1)).toMatchObject({ status: 409, body: { code: 'migration_cycle' } })
    expect(await ask(2, 1)).toMatchObject({ status: 409, body: { code: 'migration_cycle' } })
    expect(await ask(1, 3)).toMatchObject({ status: 409, body: { code: 'migration_overlap' } })
    expect(await ask(2, 3)).toMatchObject({ status: 409, body: { code: 'migration_overlap' } })
    expect(await ask(3, 4)).toMatchObject({ body: { code: 'plan_version_not_published' } })
    expect(await ask(3, 9)).toMatchObject({ body: { code: 'plan_version_not_found' } })
    expect((await ask(1, 3)).body.detail).toContain(running.id)
    expect(await running.steer('stopped')).toMatchObject({ status: 200 })
    expect(await ask(1, 3)).toMatchObject({ status: 201 })
  })

  test('if its key was used: one key creates one migration', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({})
    await publish({})
    const request = {
      from: [{ plan: slug, version: 1 }],
      to: { plan: slug, version: 2 },
      reason: 'test',
    }
    const key = randomUUID()
    const replies = await Promise.all(
      [1, 2, 3].map(() => askOperator(world, 'POST', '/plan-migrations', request, key)),
    )
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
    expect(
      await askOperator(world, 'POST', '/plan-migrations', { ...request, reason: 'x' }, key),
    ).toMatchObject({ status: 422 })
  })

  test('without the scope operator, and if it does not exist', async () => {
    const body = { from: [], to: {}, reason: 'x' }
    // The scope is checked before the body.
    expect(await world.call('POST', '/admin/plan-migrations', { body })).toMatchObject({
      status: 403,
    })
    const id = randomUUID()
    for (const path of [`/plan-migrations/${id}`, `/plan-migrations/${id}/items`])
      expect(await askOperator(world, 'GET', path)).toMatchObject({
        status: 404,
        body: { code: 'migration_not_found' },
      })
  })

  test('refuses an add-on as its target', async () => {
    const { slug, publish } = await aPlanOfVersions(world)
    await publish({})
    const addon = `addon_${slug}`.slice(0, 60)
    await askOperator(world, 'PUT', `/plans/${addon}`, { name: addon, rank: 9, kind: 'addon' })
    await askOperator(world, 'POST', `/plans/${addon}/versions`, {
      period: 'monthly',
      price: { amount_minor: 100, currency: 'usd' },
      features: [{ code: 'messages_sent', quota_limit: 1 }],
    })
    const body = { from: [{ plan: slug, version: 1 }], to: { plan: addon, version: 1 } }
    expect(
      await askOperator(world, 'POST', '/plan-migrations', {
        ...body,
        when: 'now',
        reason: 'by mistake',
      }),
    ).toMatchObject({ status: 404, body: { detail: expect.stringContaining('is an add-on') } })
  })
})
