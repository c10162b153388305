import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { newUser as newKey } from '../support/customer.ts'
import { turn, undo } from '../support/dashboard.ts'
import { until } from '../support/until.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterEach(() => undo(world))
afterAll(() => world.close())

const upgrade = (payer: Customer) =>
  payer.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
/** The idempotency keys of the requests to Stripe that changed this subscription. */
const keysOf = async (stripeId: string) => {
  const { data } = await world.stripe.events.list({ limit: 100 })
  const own = data.filter(({ data: { object } }) => 'id' in object && object.id === stripeId)
  return own.flatMap(({ request }) => request?.idempotency_key ?? [])
}

describe('a command whose request failed for good', () => {
  test('although Stripe carried it out is noticed at once, and is not charged twice', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const before = (await payer.stripeInvoices()).length
    await turn(world, 'faults', {
      kind: 'commit_then_answer',
      status: 401,
      count: 1,
      method: 'POST',
      path: '/v1/subscriptions/',
    })
    expect(await upgrade(payer)).toMatchObject({ status: 502 })
    expect(await payer.read()).toMatchObject({ plan: { slug: 'plan_enterprise' } })
    await upgrade(payer)
    await world.settled()
    expect((await payer.stripeInvoices()).length).toBe(before + 1)
    expect(await payer.read()).toMatchObject({
      status: 'active',
      plan: { slug: 'plan_enterprise' },
    })
  })

  test('uses another key the next time, because Stripe may remember the failure under the first', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const { id } = await payer.stripe()
    const cancel = () => payer.ask('PUT', '/cancellation', { when: 'period_end' })
    const refuse = { status: 401, count: 1, method: 'POST', path: '/v1/subscriptions/' }
    await turn(world, 'faults', { kind: 'answer', ...refuse })
    expect(await cancel()).toMatchObject({ status: 502 })
    await turn(world, 'faults', { kind: 'answer', ...refuse })
    expect(await cancel()).toMatchObject({ status: 502 })
    expect(await cancel()).toMatchObject({ status: 200 })
    expect((await payer.read()).cancel_at).not.toBeNull()
    const keys = await keysOf(id)
    expect(keys.some((key) => key.endsWith('.002'))).toBe(true)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('a change at Stripe while a command fails', () => {
  test('is applied with it', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const { id } = await payer.stripe()
    await turn(world, 'deliveries', { action: 'drop', count: 100 })
    await world.stripe.subscriptions.update(id, { cancel_at_period_end: true })
    const refuse = { status: 401, count: 1, method: 'POST', path: '/v1/subscriptions/' }
    await turn(world, 'faults', { kind: 'answer', ...refuse })
    expect(await upgrade(payer)).toMatchObject({ status: 502 })
    expect((await payer.read()).cancel_at).not.toBeNull()
  })
})

describe('a subscription that has ended at Stripe, while the event of that is lost,', () => {
  const endUnseen = async (payer: Customer) => {
    await turn(world, 'deliveries', { action: 'drop', count: 100 })
    await world.stripe.subscriptions.cancel((await payer.stripe()).id)
  }
  type Command = readonly ['PUT' | 'DELETE', string, object?]
  test.each<[string, Command, Command?]>([
    ['a pause', ['PUT', '/pause', {}]],
    ['a change now', ['PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' }]],
    ['a change later', ['PUT', '/plan', { plan_id: 'plan_enterprise', when: 'period_end' }]],
    ['a resumption', ['DELETE', '/pause'], ['PUT', '/pause', {}]],
    [
      'a withdrawn cancellation',
      ['DELETE', '/cancellation'],
      ['PUT', '/cancellation', { when: 'period_end' }],
    ],
  ])('refuses %s as ended, and is ended here', async (_, command, before) => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    if (before) await payer.ask(...before)
    await endUnseen(payer)
    expect(await payer.ask(...command)).toMatchObject({
      status: 409,
      body: { code: 'subscription_over' },
    })
    expect(await payer.read()).toMatchObject({ status: 'canceled' })
  })

  test('takes a cancellation as done', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    await endUnseen(payer)
    expect(await payer.ask('PUT', '/cancellation', { when: 'period_end' })).toMatchObject({
      status: 200,
      body: { status: 'canceled' },
    })
  })

  test('is ended here after a paid upgrade that would have kept it', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    await payer.ask('PUT', '/cancellation', { when: 'period_end' })
    await payer.cards('declines')
    expect((await upgrade(payer)).body.pending_change).toMatchObject({ kind: 'awaiting_payment' })
    await world.settled()
    await turn(world, 'deliveries', { action: 'drop', count: 100 })
    await payer.cards('succeeds')
    await world.stripe.invoices.pay((await payer.stripeInvoices())[0]?.id ?? '')
    await endUnseen(payer)
    expect((await payer.ask('POST', '/sync', undefined, { operator: true })).status).toBe(200)
    expect(await payer.read()).toMatchObject({ status: 'canceled' })
  })
})

describe('a request of ours that Stripe failed with a 500, which it remembers under the key for a day,', () => {
  test.each(['answer', 'commit_then_answer'])(
    'is repeated under another key, and is carried out once (%s)',
    async (kind) => {
      const payer = await subscribe(world, 'plan_pro_monthly')
      const path = '/v1/subscriptions/'
      await turn(world, 'faults', { kind, status: 500, count: 2, method: 'POST', path })
      expect(await upgrade(payer)).toMatchObject({ status: 200 })
      await world.settled()
      expect(await payer.read()).toMatchObject({ plan: { slug: 'plan_enterprise' } })
      expect((await payer.stripeInvoices()).length).toBe(2)
    },
  )

  test.each(['answer', 'commit_then_answer'])('leaves its user one customer (%s)', async (kind) => {
    const path = '/v1/customers'
    await turn(world, 'faults', { kind, status: 500, count: 2, method: 'POST', path })
    const payer = await subscribe(world, 'plan_pro_monthly')
    const { data } = await world.stripe.customers.list({ limit: 100 })
    const own = data.filter(({ metadata }) => metadata['perennial_user_id'] === payer.user)
    expect(own).toHaveLength(1)
  })

  test('blocks no checkout', async () => {
    await turn(world, 'faults', { kind: 'answer', status: 500, count: 2, method: 'POST' })
    const payer = await subscribe(world, 'plan_pro_monthly')
    expect(await payer.read()).toMatchObject({ status: 'active' })
  })
})

describe('a command that Stripe answers with 5xx for long', () => {
  const REFUSALS = 1_000_000
  /** Stripe carries out no change of a subscription, but still ends one. */
  const fail = () =>
    turn(world, 'faults', {
      kind: 'answer',
      status: 503,
      count: REFUSALS,
      method: 'POST',
      path: '/v1/subscriptions/',
    })

  const hasRefused = async () => {
    const state = await fetch(`${world.simulator.url}/_simulator/state`)
    const { faults } = z
      .object({ faults: z.array(z.object({ left: z.int() })) })
      .parse(await state.json())
    return faults.some(({ left }) => left < REFUSALS)
  }

  test('gives way to an operator who forces the end, before the commands that wait', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    await fail()
    const changed = upgrade(payer)
    await until('Stripe refuses the change', hasRefused)
    // It waits behind the change, and would wait for a day.
    const waiting = payer.ask('PUT', '/pause', {})
    const forced = await forceEnd(payer)
    expect(forced).toMatchObject({ status: 200, body: { status: 'canceled' } })
    expect(await changed).toMatchObject({ status: 503, body: { code: 'workflow_unavailable' } })
    expect((await waiting).status).not.toBe(200)
    expect((await payer.stripe()).status).toBe('canceled')
  })

  test('gives way to a sync, is reported as not confirmed, and can be repeated once Stripe answers', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    await fail()
    const key = newKey()
    const change = () =>
      payer.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' }, { key })
    expect(await change()).toMatchObject({ status: 503, body: { code: 'workflow_unavailable' } })
    const sync = () => payer.ask('POST', '/sync', undefined, { operator: true })
    await persist(async () => (await sync()).status === 200)
    expect(await change()).toMatchObject({
      status: 502,
      body: { code: 'payment_provider_unconfirmed' },
    })
    expect(await payer.read()).toMatchObject({ plan: { slug: 'plan_pro_monthly' } })
    await undo(world)
    expect(await upgrade(payer)).toMatchObject({ status: 200 })
    expect((await payer.stripeInvoices()).length).toBe(2)
  })

  /** An operator repeats the call under the same key until it is answered. */
  async function forceEnd({ id }: Customer) {
    const key = newKey()
    const force = () =>
      world.call('POST', `/admin/subscriptions/${id}/force-cancellation`, {
        headers: { authorization: 'Bearer bk_dev_operator' },
        key,
        body: { reason: 'stuck' },
      })
    let answer = await force()
    await persist(async () => {
      if (answer.status === 503) answer = await force()
      return answer.status !== 503
    })
    return answer
  }

  /** Far less than the day for which such a command was repeated before. */
  const persist = (isAnswered: () => Promise<boolean>) =>
    until('it is answered', isAnswered, 90_000)
})
