import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boundary } from '../../../domain/calendar.ts'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'
import { pay } from '../../support/checkout-page.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const newUser = () => `user-${randomUUID()}`
const DAY_MS = 86_400_000

async function subscribe(user: string, plan_id = 'plan_pro_monthly'): Promise<string> {
  const given = { user, body: { plan_id, email: `${user}@example.com` } }
  const { body } = await world.call('POST', '/subscriptions/checkout', given)
  if (body.checkout_url !== null) {
    await pay(body.checkout_url)
    await world.settled()
  }
  return body.subscription_id
}

const cancel = (user: string, id: string, when: string, key?: string) =>
  world.call('PUT', `/subscriptions/${id}/cancellation`, {
    user,
    body: { when },
    ...(key && { key }),
  })
const withdraw = (user: string, id: string) =>
  world.call('DELETE', `/subscriptions/${id}/cancellation`, { user })
const read = async (user: string, id: string) =>
  (await world.call('GET', `/subscriptions/${id}`, { user })).body
const kinds = async (user: string, id: string): Promise<string[]> => {
  const { body } = await world.call('GET', `/subscriptions/${id}/timeline`, { user })
  return body.changes.map((change: { kind: string }) => change.kind)
}
const live = async (user: string) =>
  (await world.stripe.subscriptions.list({ limit: 100 })).data.filter(
    (each) => each.metadata['perennial_user_id'] === user,
  )

describe.each(['plan_pro_monthly', 'plan_free'])('a cancellation of %s', (plan) => {
  test('now ends the subscription, its access and its invoices, and sends one letter', async () => {
    const user = newUser()
    const id = await subscribe(user, plan)
    const reply = await cancel(user, id, 'now')
    expect(reply).toMatchObject({ status: 200, body: { status: 'canceled', has_access: false } })
    expect(await live(user)).toEqual([])
    await world.settled()
    const mails = await world.mailsTo(`${user}@example.com`)
    expect(mails.filter((mail) => mail.subject.includes('has ended'))).toHaveLength(1)
    const used = await world.call('POST', '/usage/consume', {
      user,
      body: { feature: 'messages_sent' },
    })
    expect(used.body).toMatchObject({ outcome: 'refused', reason: 'no_subscription' })
  })

  test('at the end of the period keeps access until then, and needs no further event', async () => {
    const user = newUser()
    const id = await subscribe(user, plan)
    const { body } = await cancel(user, id, 'period_end')
    expect(body).toMatchObject({ status: 'active', has_access: true, cancel_at: body.period.end })
    expect(body.access_until).toBe(body.period.end)
    await world.advanceTo(new Date(new Date(body.period.end).getTime() + DAY_MS))
    await until('the cancellation', async () => (await read(user, id)).status === 'canceled')
    expect(await read(user, id)).toMatchObject({ ended_at: body.period.end, has_access: false })
    expect((await kinds(user, id)).slice(-2)).toEqual(['cancellation_scheduled', 'canceled'])
  })

  test('can be withdrawn, and the subscription renews', async () => {
    const user = newUser()
    const id = await subscribe(user, plan)
    const { body: scheduled } = await cancel(user, id, 'period_end')
    expect(await withdraw(user, id)).toMatchObject({
      status: 200,
      body: { cancel_at: null, access_until: null },
    })
    expect(await withdraw(user, id)).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_withdraw' },
    })
    await world.advanceTo(new Date(new Date(scheduled.period.end).getTime() + DAY_MS))
    await until(
      'the renewal',
      async () => (await read(user, id)).period.start === scheduled.period.end,
    )
  })

  test('on a given day replaces a scheduled one', async () => {
    const user = newUser()
    const id = await subscribe(user, plan)
    const { body } = await cancel(user, id, 'period_end')
    const day = boundary(new Date(body.period.start), 'day', 10)
    expect((await cancel(user, id, day.toISOString())).body).toMatchObject({
      cancel_at: day.toISOString(),
    })
    await world.advanceTo(new Date(day.getTime() + 60_000))
    await until('the cancellation', async () => (await read(user, id)).status === 'canceled')
  })
})

describe('the preview of a cancellation', () => {
  const preview = (user: string, id: string, when: string) =>
    world.call('POST', `/subscriptions/${id}/cancellation/preview`, { user, body: { when } })

  test.each(['plan_pro_monthly', 'plan_free'])(
    'of %s charges nothing, credits nothing, and shows the end of access',
    async (plan) => {
      const user = newUser()
      const id = await subscribe(user, plan)
      const { period } = await read(user, id)
      const { status, body } = await preview(user, id, 'period_end')
      expect(status).toBe(200)
      expect(body).toMatchObject({
        ends_at: period.end,
        access_until: period.end,
        amount_due: { amount_minor: 0 },
        lines: [],
        credited: { amount_minor: 0 },
      })
      const { body: now } = await preview(user, id, 'now')
      expect(Date.parse(now.ends_at)).toBeLessThan(Date.parse(period.end))
    },
  )

  test('is refused for another user, in the past, and after the end', async () => {
    const user = newUser()
    const id = await subscribe(user, 'plan_free')
    expect((await preview(newUser(), id, 'now')).status).toBe(404)
    expect((await preview(user, id, '2020-01-01T00:00:00Z')).status).toBe(422)
    await cancel(user, id, 'now')
    expect(await preview(user, id, 'now')).toMatchObject({
      status: 409,
      body: { code: 'subscription_over' },
    })
  })
})

describe('a cancellation', () => {
  test('with a used key returns the first response, and is 422 with another body', async () => {
    const user = newUser()
    const id = await subscribe(user)
    const key = randomUUID()
    const replies = await Promise.all([
      cancel(user, id, 'period_end', key),
      cancel(user, id, 'period_end', key),
    ])
    expect(replies[0].body).toEqual(replies[1].body)
    expect(await cancel(user, id, 'now', key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
    expect(
      (await kinds(user, id)).filter((kind) => kind === 'cancellation_scheduled'),
    ).toHaveLength(1)
  })

  test('of an unpaid checkout closes its page', async () => {
    const user = newUser()
    const { body } = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_pro_monthly' },
    })
    expect(await cancel(user, body.subscription_id, 'now')).toMatchObject({
      status: 200,
      body: { status: 'incomplete_expired' },
    })
    expect((await pay(body.checkout_url)).ok).toBe(false)
  })

  test('of an ended subscription is 409, and of another user’s 404', async () => {
    const user = newUser()
    const id = await subscribe(user, 'plan_free')
    expect(await cancel(newUser(), id, 'now')).toMatchObject({
      status: 404,
      body: { code: 'subscription_not_found' },
    })
    await cancel(user, id, 'now')
    expect(await cancel(user, id, 'now')).toMatchObject({
      status: 409,
      body: { code: 'subscription_over' },
    })
  })

  test('in the past or at an invalid time is 422 and names the field', async () => {
    const user = newUser()
    const id = await subscribe(user, 'plan_free')
    for (const when of ['2020-01-01T00:00:00Z', 'tomorrow'])
      expect(await cancel(user, id, when)).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'when' }] },
      })
  })

  test('now and at the end of the period, sent concurrently, answers both callers and cancels once', async () => {
    const user = newUser()
    const id = await subscribe(user)
    const replies = await Promise.all([cancel(user, id, 'now'), cancel(user, id, 'period_end')])
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    const others = replies.filter(({ status }) => status !== 200)
    expect(others.map(({ body }) => body.code)).toEqual(others.map(() => 'subscription_over'))
    expect((await kinds(user, id)).filter((kind) => kind === 'canceled')).toHaveLength(1)
  })

  test('at Stripe is applied', async () => {
    const user = newUser()
    const id = await subscribe(user)
    const [subscription] = await live(user)
    await world.stripe.subscriptions.update(subscription!.id, { cancel_at_period_end: true })
    await world.settled()
    const body = await read(user, id)
    expect(body.cancel_at).toBe(body.period.end)
  })

  test('of the workflow in the Temporal UI cancels the subscription here and at Stripe', async () => {
    const user = newUser()
    const id = await subscribe(user)
    await world.container.temporal.client.workflow.getHandle(subscriptionWorkflowId(id)).cancel()
    await until('the cancellation', async () => (await read(user, id)).status === 'canceled')
    expect(await live(user)).toEqual([])
    const again = await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: 'plan_free' },
    })
    expect(again.status).toBe(201)
  })
})
