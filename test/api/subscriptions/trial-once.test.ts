import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pay } from '../../support/checkout-page.ts'
import { newUser, subscribe, type Customer } from '../../support/customer.ts'
import { dashboardCustomer, dashboardSubscription, priceOf } from '../../support/dashboard.ts'
import { askOperator } from '../../support/migrations.ts'
import { sellTrialPlan, TRIAL_PLAN } from '../../support/plans.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await sellTrialPlan(world)
})
afterAll(() => world.close())

const NO_CARD = { payment_method_collection: 'if_required' }
/** The page of a new account, without a payment. */
const openPage = async (user: string, email: string, body: object = {}) =>
  (
    await world.call('POST', '/subscriptions/checkout', {
      user,
      body: { plan_id: TRIAL_PLAN, email, ...body },
    })
  ).body
const paid = async (who: Customer) =>
  (await who.stripeInvoices()).reduce((sum, { amount_paid: amount }) => sum + amount, 0)
const isTrialAvailable = async (user?: string) => {
  const given = user === undefined ? { headers: { authorization: '' } } : { user }
  const { body } = await world.call('GET', '/plans', given)
  return body.plans.find((plan: { slug: string }) => plan.slug === TRIAL_PLAN).trial_available
}
const hashes = async () =>
  (await world.database.pool.query(`select kind, hash, subscription_id from trial_identities`)).rows

describe('a person has one trial', () => {
  test('whatever account and spelling of the address they use, which the page announces', async () => {
    const name = newUser().replaceAll('-', '')
    const first = await openPage(newUser(), `${name}@gmail.com`)
    expect(first.trial_days).toBe(14)
    expect(await isTrialAvailable(newUser())).toBe(true)
    await pay(first.checkout_url, undefined, name)
    await world.settled()
    for (const spelling of [
      `${name}+again@gmail.com`,
      `${name.slice(0, 3)}.${name.slice(3)}@googlemail.com`,
      `${name.toUpperCase()}@GMAIL.com`,
    ]) {
      const user = newUser()
      const page = await openPage(user, spelling)
      expect(page.trial_days).toBe(0)
      expect(await isTrialAvailable(user)).toBe(false)
      await pay(page.checkout_url, undefined, newUser())
      await world.settled()
      const { body } = await world.call('GET', `/subscriptions/${page.subscription_id}`, { user })
      expect(body).toMatchObject({ status: 'active', trial_end: null })
    }
  })

  test('with the same card, which is charged at once, and a letter says why', async () => {
    const fingerprint = newUser()
    const first = await subscribe(world, TRIAL_PLAN, { fingerprint })
    const again = await subscribe(world, TRIAL_PLAN, { fingerprint })
    expect(await first.read()).toMatchObject({ status: 'trialing' })
    expect(await again.read()).toMatchObject({ status: 'active' })
    expect([await paid(first), await paid(again)]).toEqual([0, 3_000])
    expect(await again.usage()).toMatchObject({ used_amount: 0, quota_limit: 100 })
    expect(await again.mails()).toEqual(
      expect.arrayContaining([
        `Your ${TRIAL_PLAN} trial did not start`,
        `Your ${TRIAL_PLAN} subscription is active`,
      ]),
    )
    expect(await again.timeline()).toEqual(['checkout_opened', 'activated'])
    await world.advanceTo(new Date(world.clock.now().getTime() + 20 * 86_400_000))
    expect(await paid(again)).toBe(3_000)
  })

  test('and without a payment the second one ends, so that a card that declines gives nothing', async () => {
    const fingerprint = newUser()
    await subscribe(world, TRIAL_PLAN, { fingerprint })
    // The bank accepts the card, and declines each charge.
    const again = await subscribe(world, TRIAL_PLAN, { fingerprint, card: '4000000000000341' })
    expect(await again.read()).toMatchObject({ status: 'canceled', has_access: false })
    expect(await paid(again)).toBe(0)
    expect(await again.consume(1)).toMatchObject({ outcome: 'refused' })
    expect(await again.mails()).toEqual([`Your ${TRIAL_PLAN} trial did not start`])
    const page = await openPage(again.user, again.email)
    expect(page.trial_days).toBe(0)
  })

  test('when two accounts pay two open pages with one card at the same instant', async () => {
    const fingerprint = newUser()
    const users = [newUser(), newUser(), newUser()]
    const pages = await Promise.all(users.map((user) => openPage(user, `${user}@example.com`)))
    expect(pages.map(({ trial_days: days }) => days)).toEqual([14, 14, 14])
    await Promise.all(pages.map(({ checkout_url: url }) => pay(url, undefined, fingerprint)))
    await world.settled()
    const states = await Promise.all(
      users.map(async (user) => (await world.call('GET', '/subscriptions/current', { user })).body),
    )
    const statuses: string[] = states.map(({ status }) => status)
    expect(statuses.toSorted()).toEqual(['active', 'active', 'trialing'])
  })

  test('without a card, by the address that they type on the page', async () => {
    const email = `${newUser()}@example.com`
    const first = await openPage(newUser(), email, NO_CARD)
    await pay(first.checkout_url, 'none')
    await world.settled()
    const again = await openPage(newUser(), email, NO_CARD)
    expect(again.trial_days).toBe(0)
  })

  test('also when a card that had one is added to a trial without a card', async () => {
    const fingerprint = newUser()
    await subscribe(world, TRIAL_PLAN, { fingerprint })
    const again = await subscribe(world, TRIAL_PLAN, { body: NO_CARD, card: 'none' })
    expect((await again.read()).status).toBe('trialing')
    await addCard(again, fingerprint)
    await again.ask('POST', '/sync', undefined, { operator: true })
    await world.settled()
    expect(await again.read()).toMatchObject({ status: 'active' })
    expect(await paid(again)).toBe(3_000)
    expect(await again.mails()).toContain(`Your ${TRIAL_PLAN} trial did not start`)
  })

  test('but an imported trial counts and continues, and an operator can allow another', async () => {
    const user = newUser()
    const customer = await dashboardCustomer(world, { perennial_user_id: user })
    const price = await priceOf(world, TRIAL_PLAN)
    await dashboardSubscription(world, { customer: customer.id, price, trialDays: 10 })
    await world.settled()
    const { body } = await world.call('GET', '/subscriptions/current', { user })
    expect(body.status).toBe('trialing')
    await world.call('POST', `/subscriptions/${body.id}/sync`, {
      user,
      headers: { authorization: 'Bearer bk_dev_operator' },
    })
    expect((await world.call('GET', '/subscriptions/current', { user })).body.status).toBe(
      'trialing',
    )
    await world.call('PUT', `/subscriptions/${body.id}/cancellation`, {
      user,
      body: { when: 'now' },
    })
    expect((await openPage(user, `${user}@example.com`)).trial_days).toBe(0)
    await askOperator(world, 'PUT', `/users/${user}/plans/${TRIAL_PLAN}`, {
      period: 'monthly',
      price: { amount_minor: 3_000, currency: 'usd' },
      trial_days: 7,
      features: [{ code: 'messages_sent', quota_limit: 100 }],
      reason: 'the first trial was interrupted',
    })
    const allowed = await subscribe(world, TRIAL_PLAN, { user })
    expect(await allowed.read()).toMatchObject({ status: 'trialing' })
    await allowed.ask('PUT', '/cancellation', { when: 'now' })
    // The offer allowed one more trial, not one for each cancellation.
    const again = await openPage(user, allowed.email)
    expect(again.trial_days).toBe(0)
  })

  test('of which only hashes are stored, and callers without a user learn nothing', async () => {
    const who = await subscribe(world, TRIAL_PLAN)
    const own = (await hashes()).filter(({ subscription_id: id }) => id === who.id)
    const kinds: string[] = own.map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual(['card', 'email', 'user'])
    expect(own.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
    expect(await isTrialAvailable()).toBeNull()
  })
})

/** Attaches the simulator's card with this fingerprint, as Stripe's portal does. */
async function addCard(who: Customer, fingerprint: string): Promise<void> {
  const customer = (await who.stripe()).customer as string
  const page = await world.stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    line_items: [{ price: await priceOf(world, 'plan_pro_monthly'), quantity: 1 }],
    success_url: 'https://example.com',
  })
  await pay(page.url!, undefined, fingerprint)
  const { data } = await world.stripe.paymentMethods.list({ customer })
  const other = await world.stripe.subscriptions.list({ customer })
  const bought = other.data.find(
    ({ metadata }) => metadata['perennial_subscription_id'] === undefined,
  )
  await world.stripe.subscriptions.cancel(bought!.id)
  await world.stripe.customers.update(customer, {
    invoice_settings: { default_payment_method: data[0]!.id },
  })
  await until('the card is known', async () => (await who.stripe()) !== undefined)
}
