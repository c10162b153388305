import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscriptionIdOfStripe } from '../../sync/import.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { pay } from '../support/checkout-page.ts'
import {
  dashboardCustomer,
  dashboardPrice,
  dashboardSubscription,
  priceOf,
} from '../support/dashboard.ts'
import { newUser, subscribe, unpaidCustomer, type Customer } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { anEvent, deliver } from '../support/webhook.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let pro: string
beforeAll(async () => {
  world = await createWorld()
  pro = await priceOf(world, 'plan_pro_monthly')
})
afterAll(() => world.close())

const OPERATOR = { authorization: 'Bearer bk_dev_operator' }
const current = async (user: string) =>
  (await world.call('GET', '/subscriptions/current', { user })).body
const kinds = async (user: string, id: string) =>
  (await world.call('GET', `/subscriptions/${id}/timeline`, { user })).body.changes.map(
    (change: { kind: string }) => change.kind,
  )
const eventsOf = async (stripeId: string) =>
  (await world.call('GET', `/admin/stripe-events?stripe_id=${stripeId}`, { headers: OPERATOR }))
    .body.events as { event_id: string; state: string; reason: string | null; type: string }[]
const driftOf = async (stripeId: string) =>
  (
    await world.database.pool.query(
      'select kind, state, subscription_id from drift_findings where stripe_id = $1',
      [stripeId],
    )
  ).rows
/** A second checkout page for the buyer's subscription, which no row here knows. */
async function otherPage(buyer: Customer): Promise<string> {
  const metadata = { perennial_subscription_id: buyer.id, perennial_user_id: buyer.user }
  const [page] = (await world.stripe.checkout.sessions.list({ limit: 1 })).data
  const { url } = await world.stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: page!.customer as string,
    line_items: [{ price: pro, quantity: 1 }],
    metadata,
    subscription_data: { metadata },
    success_url: 'https://example.com',
  })
  return url!
}
const dashboardSubscriptionOf = async (user: string, price = pro) => {
  const customer = await dashboardCustomer(world, { perennial_user_id: user })
  return dashboardSubscription(world, { customer: customer.id, price })
}

describe('a subscription created in Stripe’s dashboard', () => {
  test('gets a row, quotas and a workflow, and no letter is sent', async () => {
    const user = newUser()
    const held = await dashboardSubscriptionOf(user)
    await world.settled()
    const found = await current(user)
    expect(found).toMatchObject({
      id: subscriptionIdOfStripe(held.id),
      status: 'active',
      plan: { slug: 'plan_pro_monthly' },
      has_access: true,
    })
    expect(await kinds(user, found.id)).toEqual(['imported'])
    const used = await world.call('POST', '/usage/consume', {
      user,
      body: { feature: 'messages_sent', amount: 5 },
    })
    expect(used.body).toMatchObject({ outcome: 'allowed', quota_limit: 10_000 })
    const { metadata } = await world.stripe.subscriptions.retrieve(held.id)
    expect(metadata).toMatchObject({
      perennial_subscription_id: found.id,
      perennial_user_id: user,
      perennial_imported: 'true',
    })
    const { rows } = await world.database.pool.query(
      'select from notices where subscription_id = $1',
      [found.id],
    )
    expect(rows).toEqual([])
    const ended = await world.call('PUT', `/subscriptions/${found.id}/cancellation`, {
      user,
      body: { when: 'now' },
    })
    expect(ended.body).toMatchObject({ status: 'canceled' })
    expect(await world.stripe.subscriptions.retrieve(held.id)).toMatchObject({ status: 'canceled' })
  })

  test('is imported once although ten events arrive together', async () => {
    const user = newUser()
    const held = await dashboardSubscriptionOf(user)
    const object = { id: held.id, object: 'subscription' }
    await Promise.all(
      Array.from({ length: 10 }, () =>
        deliver(world, anEvent({ type: 'customer.subscription.updated', object })),
      ),
    )
    await world.settled()
    expect(await kinds(user, (await current(user)).id)).toEqual(['imported'])
    expect((await eventsOf(held.id)).filter(({ state }) => state === 'parked')).toEqual([])
  })

  test('with an unknown price is parked and shown, and imported when the price is mapped', async () => {
    const user = newUser()
    const price = await dashboardPrice(world)
    const held = await dashboardSubscriptionOf(user, price)
    await world.settled()
    expect((await world.call('GET', '/subscriptions/current', { user })).status).toBe(404)
    const reason = `its price ${price} belongs to no plan here`
    expect(await eventsOf(held.id)).toContainEqual(
      expect.objectContaining({ type: 'customer.subscription.created', state: 'parked', reason }),
    )
    expect(await driftOf(held.id)).toMatchObject([{ kind: 'unknown_price', state: 'open' }])
    const mapped = await world.call('PUT', `/admin/stripe-prices/${price}`, {
      headers: OPERATOR,
      body: { plan_id: 'plan_pro_monthly' },
    })
    expect(mapped).toMatchObject({ status: 200, body: { plan: 'plan_pro_monthly' } })
    expect(mapped.body.redriven).toBeGreaterThan(0)
    await world.settled()
    expect(await current(user)).toMatchObject({
      status: 'active',
      plan: { slug: 'plan_pro_monthly' },
    })
    expect(await driftOf(held.id)).toMatchObject([{ state: 'repaired' }])
  })

  test('with an unknown customer is parked, and imported when Stripe names the user', async () => {
    const user = newUser()
    const customer = await dashboardCustomer(world)
    const held = await dashboardSubscription(world, { customer: customer.id, price: pro })
    await world.settled()
    expect(await driftOf(held.id)).toMatchObject([{ kind: 'unknown_customer', state: 'open' }])
    await world.stripe.customers.update(customer.id, { metadata: { perennial_user_id: user } })
    const waiting = (await eventsOf(held.id)).filter(({ state }) => state === 'parked')
    await world.call('POST', '/admin/stripe-events/redrive', {
      headers: OPERATOR,
      body: { event_ids: waiting.map(({ event_id }) => event_id) },
    })
    await world.settled()
    expect(await current(user)).toMatchObject({ status: 'active' })
  })

  test('of a user on the free plan becomes that subscription, and usage is kept', async () => {
    const free = await subscribe(world, 'plan_free')
    await free.consume(30)
    await dashboardSubscriptionOf(free.user)
    await world.settled()
    expect(await current(free.user)).toMatchObject({
      id: free.id,
      status: 'active',
      plan: { slug: 'plan_pro_monthly' },
    })
  })

  test('of a second customer of the same user is imported for that user', async () => {
    const user = newUser()
    await dashboardCustomer(world, { perennial_user_id: user })
    await dashboardSubscriptionOf(user)
    await world.settled()
    expect(await current(user)).toMatchObject({ status: 'active' })
  })
})

describe('two subscriptions of one user at Stripe:', () => {
  test('one created elsewhere in addition to a paid one waits for an operator, and nothing is canceled', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const second = await dashboardSubscriptionOf(payer.user)
    await world.settled()
    expect(await driftOf(second.id)).toMatchObject([
      { kind: 'second_subscription', state: 'open', subscription_id: payer.id },
    ])
    expect(await world.stripe.subscriptions.retrieve(second.id)).toMatchObject({ status: 'active' })
    expect(await payer.read()).toMatchObject({ status: 'active' })
  })

  test('one created elsewhere is imported when the first has ended and Stripe names it again', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const second = await dashboardSubscriptionOf(payer.user)
    await world.settled()
    await payer.ask('PUT', '/cancellation', { when: 'now' })
    await world.settled()
    await world.stripe.subscriptions.update(second.id, { metadata: { seen: 'again' } })
    await world.settled()
    const now = await current(payer.user)
    expect(now).toMatchObject({ status: 'active', plan: { slug: 'plan_pro_monthly' } })
    expect(now.id).not.toBe(payer.id)
    expect(await world.stripe.subscriptions.retrieve(second.id)).toMatchObject({ status: 'active' })
  })

  test('of two paid checkouts, the second is canceled and refunded, once', async () => {
    const payer = await unpaidCustomer(world)
    // A page that should have been closed, in another tab.
    const other = await otherPage(payer)
    await Promise.all([pay((await payer.read()).checkout.url), pay(other)])
    await world.settled()
    const both = (await world.stripe.subscriptions.list({ status: 'all', limit: 100 })).data.filter(
      ({ metadata }) => metadata['perennial_user_id'] === payer.user,
    )
    const { rows } = await world.database.pool.query<{ id: string }>(
      'select stripe_subscription_id as id from subscriptions where id = $1',
      [payer.id],
    )
    const first = both.find(({ id }) => id === rows[0]!.id)!
    const extra = both.find(({ id }) => id !== first.id)!
    const object = { id: extra.id, object: 'subscription', metadata: extra.metadata }
    await deliver(world, anEvent({ type: 'customer.subscription.updated', object }))
    await world.settled()
    expect(await world.stripe.subscriptions.retrieve(extra.id)).toMatchObject({
      status: 'canceled',
    })
    expect(await world.stripe.subscriptions.retrieve(first.id)).toMatchObject({ status: 'active' })
    const [invoice] = (await world.stripe.invoices.list({ subscription: extra.id })).data
    const { data } = await world.stripe.refunds.list({ limit: 100 })
    const [payment] = (await world.stripe.invoicePayments.list({ invoice: invoice!.id })).data
    const ofExtra = data.filter(
      ({ payment_intent }) => payment_intent === payment!.payment.payment_intent,
    )
    expect(ofExtra).toHaveLength(1)
    expect(ofExtra[0]!.amount).toBe(2_000)
    expect(await payer.read()).toMatchObject({ status: 'active' })
    expect(await driftOf(extra.id)).toMatchObject([{ kind: 'extra_refunded', state: 'open' }])
  })

  test('a page that was paid although it had expired starts a new subscription', async () => {
    const late = await unpaidCustomer(world)
    const { rows } = await world.database.pool.query<{ id: string }>(
      'select checkout_session_id as id from subscriptions where id = $1',
      [late.id],
    )
    await world.stripe.checkout.sessions.expire(rows[0]!.id)
    await world.settled()
    expect(await late.read()).toMatchObject({ status: 'incomplete_expired' })
    const customer = await dashboardCustomer(world, { perennial_user_id: late.user })
    const paid = await dashboardSubscription(world, {
      customer: customer.id,
      price: pro,
      metadata: { perennial_subscription_id: late.id, perennial_user_id: late.user },
    })
    await world.settled()
    expect(await current(late.user)).toMatchObject({
      id: subscriptionIdOfStripe(paid.id),
      status: 'active',
    })
  })

  test('payment of an unknown page activates the subscription and closes the open page', async () => {
    const buyer = await unpaidCustomer(world)
    const { url } = (await buyer.read()).checkout
    const customer = await dashboardCustomer(world, { perennial_user_id: buyer.user })
    const paid = await dashboardSubscription(world, {
      customer: customer.id,
      price: pro,
      metadata: { perennial_subscription_id: buyer.id, perennial_user_id: buyer.user },
    })
    await world.settled()
    expect(await buyer.read()).toMatchObject({ id: buyer.id, status: 'active' })
    expect(await world.stripe.subscriptions.retrieve(paid.id)).toMatchObject({ status: 'active' })
    expect((await fetch(url, { method: 'POST', body: new URLSearchParams() })).ok).toBe(false)
  })
})

describe('after a loss', () => {
  test('a customer deleted at Stripe loses the subscription, and can buy another', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const { customer } = await payer.stripe()
    await world.stripe.customers.del(customer as string)
    await world.settled()
    expect(await payer.read()).toMatchObject({ status: 'canceled' })
    const again = await subscribe(world, 'plan_pro_monthly', { user: payer.user })
    expect(await again.read()).toMatchObject({ status: 'active' })
    expect((await again.stripe()).customer).not.toBe(customer)
  })

  test('a terminated workflow is started again by the next event', async () => {
    const payer = await subscribe(world, 'plan_pro_monthly')
    const handle = world.container.temporal.client.workflow.getHandle(
      subscriptionWorkflowId(payer.id),
    )
    await handle.terminate('by mistake')
    const { id } = await payer.stripe()
    await world.stripe.subscriptions.update(id, { cancel_at_period_end: true })
    await until('the change is observed', async () => {
      await world.settled()
      return (await payer.read()).cancel_at !== null
    })
    expect((await handle.describe()).status.name).toBe('RUNNING')
  })
})
