import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CARDS, pay } from '../../support/checkout-page.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const PRO = { plan_id: 'plan_pro_monthly' }
const checkout = (user: string, body: object = PRO, key?: string) =>
  world.call('POST', '/subscriptions/checkout', { user, body, ...(key && { key }) })
const current = (user: string) => world.call('GET', '/subscriptions/current', { user })
const newUser = () => `user-${randomUUID()}`
const stripeSubscriptions = async () => (await world.stripe.subscriptions.list({ limit: 100 })).data

describe('a checkout', () => {
  test('of an unknown plan is 404 with the code plan_not_found', async () => {
    const reply = await checkout(newUser(), { plan_id: 'plan_gold' })
    expect(reply.status).toBe(404)
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.body).toMatchObject({ code: 'plan_not_found', status: 404 })
  })

  test('accepts the id of a plan as well as its slug', async () => {
    const { body } = await world.call('GET', '/plans')
    const [free] = body.plans
    expect(await checkout(newUser(), { plan_id: free.id })).toMatchObject({
      status: 201,
      body: { status: 'active' },
    })
  })

  test('without a locale uses the language of the browser, and then that of the customer', async () => {
    const user = newUser()
    const body = { plan_id: 'plan_free', email: `${user}@example.com` }
    const headers = { 'accept-language': 'fr;q=0.9, pt-PT;q=0.8' }
    await world.call('POST', '/subscriptions/checkout', { user, body, headers })
    expect((await world.container.repositories.customers.find(user))?.locale).toBe('pt-PT')
    const english = { 'accept-language': 'en' }
    await world.call('POST', '/subscriptions/checkout', { user, body: PRO, headers: english })
    expect((await world.container.repositories.customers.find(user))?.locale).toBe('pt-PT')
  })

  test('with a locale that has no texts is refused, and says which ones there are', async () => {
    const reply = await checkout(newUser(), { ...PRO, locale: 'fr' })
    expect(reply.status).toBe(422)
    expect(reply.body.errors).toMatchObject([
      { field: 'locale', detail: expect.stringContaining('`en` or `pt`') },
    ])
  })

  test('with a used key returns the first response and creates nothing again', async () => {
    const user = newUser()
    const key = randomUUID()
    const [first, second] = await Promise.all([checkout(user, PRO, key), checkout(user, PRO, key)])
    const third = await checkout(user, PRO, key)
    expect(first.status).toBe(201)
    expect(second.body).toEqual(first.body)
    expect(third.body).toEqual(first.body)
    const { data } = await world.stripe.customers.list({ limit: 100 })
    expect(data.filter((customer) => customer.metadata['perennial_user_id'] === user)).toHaveLength(
      1,
    )
  })

  test('with a used key and another body is 422', async () => {
    const user = newUser()
    const key = randomUUID()
    await checkout(user, PRO, key)
    const reply = await checkout(user, { plan_id: 'plan_free' }, key)
    expect(reply).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })

  test('with the same key for another user is a new checkout', async () => {
    const key = randomUUID()
    const [mine, theirs] = [
      await checkout(newUser(), PRO, key),
      await checkout(newUser(), PRO, key),
    ]
    expect(mine.body.subscription_id).not.toBe(theirs.body.subscription_id)
  })

  test('with a live subscription is 409 and names the subscription', async () => {
    const user = newUser()
    const { body } = await checkout(user, { plan_id: 'plan_enterprise' })
    await pay(body.checkout_url)
    await world.settled()
    const reply = await checkout(user)
    expect(reply).toMatchObject({
      status: 409,
      body: { code: 'subscription_exists', subscription_id: body.subscription_id },
    })
  })
})

describe('a second checkout before the first is paid', () => {
  test('closes the first page and opens a new one for the same subscription', async () => {
    const user = newUser()
    const first = await checkout(user)
    const second = await checkout(user, { plan_id: 'plan_pro_yearly' })
    expect(second.body.subscription_id).toBe(first.body.subscription_id)
    expect(second.body.checkout_url).not.toBe(first.body.checkout_url)
    expect((await pay(first.body.checkout_url)).ok).toBe(false)
    expect((await pay(second.body.checkout_url)).ok).toBe(true)
    await world.settled()
    expect((await current(user)).body).toMatchObject({
      status: 'active',
      plan: { slug: 'plan_pro_yearly' },
    })
  })

  test('ten concurrent ones leave one subscription and one open page', async () => {
    const user = newUser()
    const replies = await Promise.all(Array.from({ length: 10 }, () => checkout(user)))
    const ids = new Set(
      replies.filter(({ status }) => status === 201).map(({ body }) => body.subscription_id),
    )
    expect(ids.size).toBe(1)
    const others = replies.filter(({ status }) => status !== 201)
    expect(others.every(({ body }) => body.code === 'subscription_exists')).toBe(true)
    const { data } = await world.stripe.checkout.sessions.list({ limit: 100, status: 'open' })
    expect(data.filter((session) => session.metadata?.['perennial_user_id'] === user)).toHaveLength(
      1,
    )
  })

  test('while the page is being paid is 409, and the payment counts', async () => {
    const user = newUser()
    const first = await checkout(user)
    await world.stopWorker()
    await pay(first.body.checkout_url)
    await world.startWorker()
    const second = await checkout(user, { plan_id: 'plan_enterprise' })
    expect(second.status).toBe(409)
    await world.settled()
    expect((await current(user)).body).toMatchObject({
      status: 'active',
      plan: { slug: 'plan_pro_monthly' },
    })
  })
})

describe('a payment', () => {
  test('that is declined leaves the page open for another card', async () => {
    const user = newUser()
    const { body } = await checkout(user)
    const declined = await pay(body.checkout_url, CARDS.declined)
    expect(declined.status).toBe(402)
    await world.settled()
    expect((await current(user)).body.status).toBe('incomplete')
    await pay(body.checkout_url)
    await world.settled()
    expect((await current(user)).body.status).toBe('active')
  })

  test('in two tabs at the same time charges once', async () => {
    const user = newUser()
    const before = (await stripeSubscriptions()).length
    const { body } = await checkout(user)
    await Promise.all([pay(body.checkout_url), pay(body.checkout_url), pay(body.checkout_url)])
    await world.settled()
    expect(await stripeSubscriptions()).toHaveLength(before + 1)
  })

  test('of a free subscription upgrades it, with a new quota and the same seats', async () => {
    const user = newUser()
    const free = await checkout(user, { plan_id: 'plan_free' })
    const use = (amount: number) =>
      world.call('POST', '/usage/consume', { user, body: { feature: 'messages_sent', amount } })
    const seats = (amount: number) =>
      world.call('POST', '/usage/consume', { user, body: { feature: 'seats', amount } })
    await use(100)
    await seats(1)
    const { body } = await checkout(user)
    expect((await current(user)).body).toMatchObject({
      status: 'active',
      plan: { slug: 'plan_free' },
    })
    await pay(body.checkout_url)
    await world.settled()
    expect((await current(user)).body).toMatchObject({
      id: free.body.subscription_id,
      plan: { slug: 'plan_pro_monthly' },
    })
    expect((await use(1)).body).toMatchObject({
      outcome: 'allowed',
      used_amount: 1,
      quota_limit: 10_000,
    })
    const held = await seats(4)
    expect(held.body).toMatchObject({ outcome: 'allowed', used_amount: 5, quota_limit: 5 })
  })
})

describe('an unpaid page', () => {
  test('expires and ends its subscription, so that the user can start another one', async () => {
    const user = newUser()
    const { body } = await checkout(user)
    const id: string = body.subscription_id
    await world.advanceTo(new Date(new Date(body.expires_at).getTime() + 1_000))
    await until('it has ended', async () => {
      const reply = await world.call('GET', `/subscriptions/${id}`, { user })
      return reply.body.status === 'incomplete_expired'
    })
    expect((await current(user)).status).toBe(404)
    const again = await checkout(user)
    expect(again.status).toBe(201)
    expect(again.body.subscription_id).not.toBe(id)
  })
})
