import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { runFullLifecycle, EXPECTED_ENTRIES } from '../support/whole-life.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const checkout = (user: string, body: object = { plan_id: 'plan_pro_monthly' }, key?: string) =>
  world.call('POST', '/subscriptions/checkout', { user, body, ...(key && { key }) })
const current = (user: string) => world.call('GET', '/subscriptions/current', { user })
const pay = (url: string, card = '4242424242424242') =>
  fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ card }),
  })
const active = (user: string) =>
  until(`${user} is active`, async () => (await current(user)).body.status === 'active')

describe('from a checkout to an active subscription', () => {
  test('a paid plan waits for its payment, which activates it, sends the e-mail and opens the quota', async () => {
    const started = await checkout('ada', { plan_id: 'plan_pro_monthly', email: 'ada@example.com' })
    expect(started).toMatchObject({ status: 201, body: { status: 'incomplete' } })
    const paid = await pay(started.body.checkout_url)
    expect(paid.status).toBe(200)
    await active('ada')
    const { body } = await current('ada')
    expect(body).toMatchObject({
      has_access: true,
      plan: { slug: 'plan_pro_monthly' },
      checkout: null,
    })
    await world.settled()
    await until(
      'the confirmation came',
      async () => (await world.mailsTo('ada@example.com')).length > 0,
    )
    const mails = await world.mailsTo('ada@example.com')
    expect(mails.map((mail) => mail.subject)).toEqual(['Your Pro subscription is active'])
    const used = await world.call('POST', '/usage/consume', {
      user: 'ada',
      body: { feature: 'messages_sent', amount: 3 },
    })
    expect(used.body).toEqual({
      outcome: 'allowed',
      used_amount: 3,
      quota_limit: 10_000,
      remaining: 9_997,
      resets_at: body.period.end,
    })
    const timeline = await world.call('GET', `/subscriptions/${body.id}/timeline`, { user: 'ada' })
    expect(timeline.body.changes.map((change: { kind: string }) => change.kind)).toEqual([
      'checkout_opened',
      'activated',
    ])
  })

  test('a free plan is active at once, without Stripe', async () => {
    const started = await checkout('free', { plan_id: 'plan_free' })
    expect(started).toMatchObject({
      status: 201,
      body: { status: 'active', checkout_url: null, expires_at: null },
    })
    const usage = await world.call('GET', '/usage', { user: 'free' })
    const messages = usage.body.features.find(
      (feature: { code: string }) => feature.code === 'messages_sent',
    )
    expect(messages).toMatchObject({ used_amount: 0, quota_limit: 100, remaining: 100 })
  })
})

test('a subscription is bought, used up, renewed, canceled and ended', async () => {
  expect(await runFullLifecycle(world)).toEqual(expect.arrayContaining(EXPECTED_ENTRIES))
})
