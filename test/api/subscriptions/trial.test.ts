import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe, type Customer } from '../../support/customer.ts'
import { sell, sellTrialPlan, TRIAL_PLAN } from '../../support/plans.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await sellTrialPlan(world)
  await sell(world, { slug: LONG_TRIAL, priceMinor: 4_000, trialDays: 30 })
  await sell(world, { slug: SHORT_TRIAL, priceMinor: 4_000, trialDays: 7 })
})
afterAll(() => world.close())

const [LONG_TRIAL, SHORT_TRIAL] = ['plan_long_trial', 'plan_short_trial']
const DAY_MS = 86_400_000
const after = (instant: string | Date, days: number) =>
  new Date(new Date(instant).getTime() + days * DAY_MS)

const paid = async (who: Customer) =>
  (await who.stripeInvoices()).map((invoice) => invoice.amount_paid)

describe('a trial', () => {
  test('sends one reminder three days before its end, then is charged and resets usage', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    const { trial_end } = await who.read()
    expect(await who.read()).toMatchObject({ status: 'trialing', has_access: true })
    expect(await who.consume(80)).toMatchObject({ outcome: 'allowed' })
    await world.advanceTo(after(trial_end, -2))
    expect((await who.timeline()).filter((kind) => kind === 'trial_ending')).toHaveLength(1)
    await world.advanceTo(after(trial_end, 1))
    await until('it is paid', async () => (await who.read()).status === 'active')
    expect(await paid(who)).toEqual([3_000, 0])
    expect(await who.usage()).toMatchObject({ used_amount: 0, window: { start: trial_end } })
    expect(await who.timeline()).toEqual([
      'checkout_opened',
      'trial_started',
      'quota_threshold',
      'trial_ending',
      'activated',
    ])
  })

  test('whose first charge is declined is past due like a renewal, and recovers', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    const { trial_end } = await who.read()
    await who.cards('declines')
    await world.advanceTo(after(trial_end, 1))
    expect(await who.read()).toMatchObject({
      status: 'past_due',
      has_access: true,
      period: { start: trial_end },
    })
    expect(await who.mails()).toContainEqual(expect.stringMatching(/^Your payment for .* failed$/))
    await who.cards('succeeds')
    await world.advanceTo(after(trial_end, 4))
    expect(await who.read()).toMatchObject({ status: 'active', access_until: null })
    expect(await paid(who)).toEqual([3_000, 0])
    expect((await who.timeline()).slice(-2)).toEqual(['payment_failed', 'recovered'])
  })

  test('is granted once: a returning customer pays from the first day', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    await who.ask('PUT', '/cancellation', { when: 'now' })
    const again = await subscribe(world, TRIAL_PLAN, { user: who.user })
    expect(again.id).not.toBe(who.id)
    expect(await again.read()).toMatchObject({ status: 'active', trial_end: null })
    const { body } = await world.call('GET', '/subscriptions', { user: who.user })
    expect(body.subscriptions.map((each: { status: string }) => each.status)).toEqual([
      'active',
      'canceled',
    ])
  })

  test('without a card pauses at its end, and continues when there is one', async () => {
    const body = { payment_method_collection: 'if_required' }
    const who = await subscribe(world, TRIAL_PLAN, { body, card: 'none' })
    const { trial_end, status } = await who.read()
    expect(status).toBe('trialing')
    await world.advanceTo(after(trial_end, 1))
    await until('it is paused', async () => (await who.read()).status === 'paused')
    expect(await who.consume(1)).toMatchObject({ outcome: 'refused', reason: 'no_access' })
    const customer = (await who.stripe()).customer as string
    await world.stripe.paymentMethods.attach('pm_card_visa', { customer })
    const { data: methods } = await world.stripe.paymentMethods.list({
      customer,
    })
    await world.stripe.customers.update(customer, {
      invoice_settings: { default_payment_method: methods[0]!.id },
    })
    expect((await who.ask('DELETE', '/pause')).body.status).toBe('active')
    expect(await paid(who)).toEqual([3_000, 0])
  })

  test('can be extended only by an operator, to a new end', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    const { trial_end } = await who.read()
    const ends_at = after(trial_end, 10).toISOString()
    expect(await who.ask('PUT', '/trial', { ends_at })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    for (let i = 0; i < 2; i++)
      expect(await who.ask('PUT', '/trial', { ends_at }, { operator: true })).toMatchObject({
        status: 200,
        body: { status: 'trialing', trial_end: ends_at },
      })
    const { body } = await who.ask('GET', '/timeline')
    expect(body.changes.at(-1)).toMatchObject({ kind: 'trial_extended', actor: 'operator' })
    await world.advanceTo(after(trial_end, 1))
    expect((await who.read()).status).toBe('trialing')
    await world.advanceTo(after(ends_at, 1))
    await until('it is paid', async () => (await who.read()).status === 'active')
  })

  test('that is ended now begins the first period and its quota, and is charged once', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    await who.consume(50)
    await world.advanceTo(after(world.clock.now(), 2))
    const key = randomUUID()
    const replies = await Promise.all(
      [1, 2].map(() => who.ask('DELETE', '/trial', undefined, { key })),
    )
    expect(replies.map(({ body }) => body.status)).toEqual(['active', 'active'])
    expect(await paid(who)).toEqual([3_000, 0])
    expect(await who.usage()).toMatchObject({ used_amount: 0 })
    expect(await who.ask('DELETE', '/trial')).toMatchObject({
      status: 409,
      body: { code: 'move_not_allowed' },
    })
  })

  test('continues on another plan with a trial, without a charge', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    const { trial_end } = await who.read()
    const given = { plan_id: LONG_TRIAL, when: 'period_end' }
    expect((await who.ask('POST', '/plan/preview', given)).body).toMatchObject({
      when: 'now',
      amount_due: { amount_minor: 0 },
    })
    expect((await who.ask('PUT', '/plan', given)).body).toMatchObject({
      status: 'trialing',
      plan: { slug: LONG_TRIAL },
      trial_end,
    })
  })

  test('ends with the days of the shorter trial that it changes to', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    const { period } = await who.read()
    const { body } = await who.ask('PUT', '/plan', { plan_id: SHORT_TRIAL })
    expect(body).toMatchObject({ status: 'trialing', plan: { slug: SHORT_TRIAL } })
    expect(body.trial_end).toBe(after(period.start, 7).toISOString())
    expect(await paid(who)).toEqual([0])
  })

  test('ends with a charge when its plan changes to one without a trial', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    await who.consume(50)
    const given = { plan_id: 'plan_enterprise', quantity: 2 }
    const preview = (await who.ask('POST', '/plan/preview', given)).body
    const { body } = await who.ask('PUT', '/plan', given)
    expect(body).toMatchObject({ status: 'active', plan: { slug: 'plan_enterprise' }, quantity: 2 })
    expect(await paid(who)).toEqual([preview.amount_due.amount_minor, 0])
    expect(preview.amount_due).toEqual(preview.next_price)
    expect(await who.usage()).toMatchObject({ used_amount: 0 })
  })

  test('stays on its plan until the charge of a plan without a trial is paid', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    await who.cards('declines')
    expect((await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })).body).toMatchObject({
      status: 'trialing',
      plan: { slug: TRIAL_PLAN },
      pending_change: { kind: 'awaiting_payment', plan: 'plan_enterprise' },
    })
    await who.cards('succeeds')
    await who.payInvoice()
    expect(await who.read()).toMatchObject({ status: 'active', plan: { slug: 'plan_enterprise' } })
  })

  test('without a card cannot change to a plan without a trial', async () => {
    const body = { payment_method_collection: 'if_required' }
    const who = await subscribe(world, TRIAL_PLAN, { body, card: 'none' })
    expect(await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise' })).toMatchObject({
      status: 409,
      body: { code: 'payment_method_required' },
    })
    expect(await who.read()).toMatchObject({ status: 'trialing', plan: { slug: TRIAL_PLAN } })
  })

  test('has the quantity that it began with, or less', async () => {
    const who = await subscribe(world, TRIAL_PLAN, { body: { quantity: 2 } })
    for (const plan_id of [TRIAL_PLAN, LONG_TRIAL])
      for (const [method, path] of [
        ['POST', '/plan/preview'],
        ['PUT', '/plan'],
      ] as const)
        expect(await who.ask(method, path, { plan_id, quantity: 10_000 })).toMatchObject({
          status: 409,
          body: { code: 'grows_in_trial' },
        })
    const { body } = await who.ask('PUT', '/plan', { plan_id: TRIAL_PLAN, quantity: 1 })
    expect(body).toMatchObject({ status: 'trialing', quantity: 1 })
  })

  test('is left as it is when an operator changes the plan', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    const { trial_end } = await who.read()
    const given = { plan_id: 'plan_enterprise', quantity: 3 }
    const { body } = await who.ask('PUT', '/plan', given, { operator: true })
    expect(body).toMatchObject({ status: 'trialing', quantity: 3, trial_end })
  })

  test('that is canceled at its end is never charged', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    const { trial_end } = await who.read()
    await who.ask('PUT', '/cancellation', { when: 'period_end' })
    await world.advanceTo(after(trial_end, 2))
    await until('it has ended', async () => (await who.read()).status === 'canceled')
    expect(await paid(who)).toEqual([0])
  })

  test('after a free plan keeps the usage to its end, then resets it', async () => {
    const who = await subscribe(world, 'plan_free')
    await world.advanceTo(new Date(world.clock.now().getTime() + 5 * DAY_MS))
    await who.consume(40)
    const bought = await subscribe(world, TRIAL_PLAN, { user: who.user })
    expect(await bought.usage()).toMatchObject({ used_amount: 40 })
    const { trial_end: end } = await bought.read()
    await world.advanceTo(new Date(Date.parse(end) + DAY_MS))
    expect(await bought.read()).toMatchObject({ status: 'active' })
    expect(await bought.usage()).toMatchObject({ used_amount: 0, window: { start: end } })
  })
})
