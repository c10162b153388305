import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import { type ReconciliationInput } from '../../workflows/reconciliation-contract.ts'
import { pay } from '../support/checkout-page.ts'
import { dashboardCustomer, dashboardSubscription, priceOf, turn } from '../support/dashboard.ts'
import { newUser, subscribe, unpaidCustomer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let pro: string
beforeAll(async () => {
  world = await createWorld()
  pro = await priceOf(world, 'plan_pro_monthly')
})
afterAll(() => world.close())

const OPERATOR = { authorization: 'Bearer bk_dev_operator' }
const asOperator = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { headers: OPERATOR, body })
const deliver = (action: 'drop' | 'deliver') =>
  action === 'drop'
    ? turn(world, 'deliveries', { action, count: 1_000_000 })
    : fetch(`${world.simulator.url}/_simulator/deliveries`, { method: 'DELETE' })

/** Compares everything, and waits until the workflows have read Stripe. */
async function compare(given: Partial<ReconciliationInput> = {}) {
  const { reconciliations } = world.container
  const id = await reconciliations.start({
    cause: 'test',
    scope: 'all',
    dryRun: false,
    repairsMax: 100,
    ...given,
  })
  const report = await reconciliations.result(id)
  await world.settled()
  return report
}
const findings = async (query = '') =>
  (await asOperator('GET', `/admin/drift?${query}`)).body.findings as {
    key: string
    kind: string
    state: string
    remedy: string
    stripe_id: string | null
    subscription_id: string | null
  }[]
const openKinds = async () => (await findings('state=open')).map(({ kind }) => kind).sort()
/** Everything that a comparison may change, here and at Stripe. */
async function everything() {
  const { rows } = await world.database.pool.query(
    `select (select json_agg(s order by id) from subscriptions s) as subscriptions,
       (select json_agg(c order by user_id) from customers c) as customers,
       (select json_agg(i order by id) from invoices i) as invoices,
       (select json_agg(n order by key) from notices n) as notices,
       (select json_agg(h order by subscription_id, seq) from subscription_changes h) as changes`,
  )
  const held = await world.stripe.subscriptions.list({ status: 'all', limit: 100 })
  const { data } = await world.stripe.events.list({ limit: 1 })
  return { ...rows[0], held: held.data, lastEvent: data[0]?.id }
}

describe('without webhooks and without the list of events', () => {
  beforeEach(() => deliver('drop'))

  test('a dry run reports differences, a run repairs them, and a second run finds and changes nothing', async () => {
    await deliver('deliver')
    const leaver = await subscribe(world, 'plan_pro_monthly')
    const bystander = await subscribe(world, 'plan_pro_monthly')
    const orphan = await subscribe(world, 'plan_free')
    const renamed = await subscribe(world, 'plan_pro_monthly')
    await deliver('drop')
    const buyer = await unpaidCustomer(world)
    await pay((await buyer.read()).checkout.url)
    await world.stripe.subscriptions.update((await leaver.stripe()).id, {
      cancel_at_period_end: true,
    })
    const stranger = newUser()
    const customer = await dashboardCustomer(world, { perennial_user_id: stranger })
    await dashboardSubscription(world, { customer: customer.id, price: pro })
    await world.container.temporal.client.workflow
      .getHandle(subscriptionWorkflowId(orphan.id))
      .terminate('by mistake')
    const { id: renamedId } = await renamed.stripe()
    await world.stripe.subscriptions.update(renamedId, {
      metadata: { perennial_subscription_id: '', note: 'kept' },
    })

    const before = await everything()
    const dry = await compare({ dryRun: true })
    expect(dry).toMatchObject({ found: 5, repaired: 0 })
    expect(await openKinds()).toEqual([
      'differs',
      'missing_here',
      'missing_here',
      'no_workflow',
      'unnamed_at_stripe',
    ])
    expect(await everything()).toEqual(before)

    expect(await compare()).toMatchObject({ found: 5, repaired: 5 })
    expect(await openKinds()).toEqual([])
    expect(await buyer.read()).toMatchObject({ status: 'active' })
    expect((await leaver.read()).cancel_at).not.toBeNull()
    expect(
      (await world.call('GET', '/subscriptions/current', { user: stranger })).body,
    ).toMatchObject({ status: 'active', plan: { slug: 'plan_pro_monthly' } })
    expect((await world.stripe.subscriptions.retrieve(renamedId)).metadata).toMatchObject({
      perennial_subscription_id: renamed.id,
      note: 'kept',
    })
    expect(await world.container.workflows.isRunning(orphan.id)).toBe(true)
    expect(await bystander.timeline()).toEqual(['checkout_opened', 'activated'])

    const repaired = await everything()
    expect(await compare()).toMatchObject({ found: 0, repaired: 0 })
    expect(await everything()).toEqual(repaired)
  })

  test('an invoice paid without an event is mirrored, and the subscription’s status follows', async () => {
    await deliver('deliver')
    const payer = await subscribe(world, 'plan_pro_monthly')
    await payer.cards('declines')
    await world.advanceTo(new Date(new Date((await payer.read()).period.end).getTime() + 7_200_000))
    expect(await payer.read()).toMatchObject({ status: 'past_due' })
    await deliver('drop')
    await payer.cards('succeeds')
    const [invoice] = await payer.stripeInvoices()
    await world.stripe.invoices.pay(invoice!.id)
    // The workflow may read Stripe and mirror the invoice before the comparison reaches it.
    const { found, repaired } = await compare()
    expect(found).toBeGreaterThan(0)
    expect(repaired).toBe(found)
    expect(await payer.read()).toMatchObject({ status: 'active' })
    const { body } = await world.call('GET', '/invoices', { user: payer.user })
    expect(body.invoices[0]).toMatchObject({ status: 'paid' })
    expect(await compare()).toMatchObject({ found: 0 })
  })

  test('findings beyond the cap are reported and left for the next run', async () => {
    const users = [newUser(), newUser(), newUser()]
    for (const user of users) {
      const customer = await dashboardCustomer(world, { perennial_user_id: user })
      await dashboardSubscription(world, { customer: customer.id, price: pro })
    }
    const lost = await subscribe(world, 'plan_free')
    await world.container.temporal.client.workflow
      .getHandle(subscriptionWorkflowId(lost.id))
      .terminate('by mistake')
    // A lost workflow is begun again at any number.
    expect(await compare({ repairsMax: 2 })).toMatchObject({ found: 4, repaired: 3 })
    expect(await openKinds()).toEqual(['missing_here'])
    expect(await compare({ scope: 'import', dryRun: true })).toMatchObject({
      found: 1,
      repaired: 0,
    })
    expect(await compare({ scope: 'import' })).toMatchObject({ found: 1, repaired: 1 })
    for (const user of users)
      expect((await world.call('GET', '/subscriptions/current', { user })).status).toBe(200)
  })
})

describe('where money would move', () => {
  test('an operator decides: nothing is canceled, and the finding stays until it is dismissed', async () => {
    await deliver('deliver')
    const payer = await subscribe(world, 'plan_pro_monthly')
    const { customer, id } = await payer.stripe()
    await deliver('drop')
    const second = await world.stripe.subscriptions.create({
      customer: customer as string,
      items: [{ price: pro }],
      default_payment_method: (await payer.stripe()).default_payment_method as string,
    })
    const ended = await subscribeAndEndHere()
    expect(await compare()).toMatchObject({ found: 2, repaired: 0 })
    const open = await findings('state=open')
    expect(open).toContainEqual(
      expect.objectContaining({
        kind: 'second_subscription',
        stripe_id: second.id,
        remedy: 'operator',
      }),
    )
    expect(open).toContainEqual(
      expect.objectContaining({ kind: 'over_here_live_there', subscription_id: ended.id }),
    )
    for (const each of [id, second.id])
      expect(await world.stripe.subscriptions.retrieve(each)).toMatchObject({ status: 'active' })
    expect((await world.stripe.refunds.list({ limit: 1 })).data).toEqual([])

    const dismissed = await asOperator('POST', '/admin/drift/dismiss', {
      keys: [...open.map(({ key }) => key), 'unknown/key'],
      reason: 'a second seat, billed apart',
    })
    expect(dismissed.body.findings).toHaveLength(2)
    await compare()
    expect(await openKinds()).toEqual([])
  })

  test('a subscription unknown to Stripe is never ended here: the API key may be for another account', async () => {
    const payer = await subscribeHere()
    await world.database.pool.query(
      `update subscriptions set stripe_subscription_id = 'sub_of_another_account' where id = $1`,
      [payer.id],
    )
    await compare()
    expect(await findings('state=open&kind=gone_at_stripe')).toMatchObject([
      { subscription_id: payer.id, remedy: 'operator' },
    ])
    expect(await payer.read()).toMatchObject({ status: 'active' })
  })
})

describe('customers', () => {
  test('one known only to Stripe is recorded; a second one waits for an operator', async () => {
    const free = await subscribe(world, 'plan_free')
    const only = await dashboardCustomer(world, { perennial_user_id: free.user })
    await compare()
    const { customers } = world.container.repositories
    expect(await customers.find(free.user)).toMatchObject({ stripeCustomerId: only.id })
    const second = await dashboardCustomer(world, { perennial_user_id: free.user })
    await compare()
    expect(await findings('state=open&kind=second_customer')).toMatchObject([
      { stripe_id: second.id },
    ])
    expect(await customers.find(free.user)).toMatchObject({ stripeCustomerId: only.id })
  })
})

describe('operators', () => {
  test('start a comparison and see the runs and figures', async () => {
    const begun = await asOperator('POST', '/admin/reconciliations', {})
    expect(begun).toMatchObject({ status: 202 })
    await world.container.reconciliations.result(begun.body.workflow_id)
    const { body } = await asOperator('GET', '/admin/reconciliations?limit=1')
    expect(body.reconciliations).toMatchObject([{ dry_run: true, repaired: 0 }])
    expect(body.reconciliations[0].finished_at).not.toBeNull()
    const figures = await asOperator('GET', '/admin/sync')
    expect(figures.body).toMatchObject({
      inbox: { received: 0, forwarded: 0, lag_seconds: 0 },
      compared_at: body.reconciliations[0].finished_at,
    })
  })

  test.each([
    ['GET', '/admin/drift', undefined],
    ['GET', '/admin/sync', undefined],
    ['GET', '/admin/reconciliations', undefined],
    ['POST', '/admin/reconciliations', {}],
    ['POST', '/admin/drift/dismiss', { keys: ['k'], reason: 'r' }],
  ])('are the only ones allowed to %s %s', async (method, path, body) => {
    expect((await world.call(method, path, { body })).status).toBe(403)
  })

  test.each([
    ['/admin/reconciliations', { repairs_max: -1 }],
    ['/admin/reconciliations', { dry_run: 'yes' }],
    ['/admin/drift/dismiss', { keys: [], reason: 'r' }],
    ['/admin/drift/dismiss', { keys: ['k'] }],
  ])('get a validation error for %s %j', async (path, body) => {
    expect((await asOperator('POST', path, body)).status).toBe(422)
  })
})

async function subscribeHere() {
  await deliver('deliver')
  return subscribe(world, 'plan_pro_monthly')
}

/** A subscription that was ended here by mistake, while Stripe still charges for it. */
async function subscribeAndEndHere() {
  const ended = await subscribeHere()
  await deliver('drop')
  await world.database.pool.query(
    `update subscriptions set status = 'canceled', ended_at = now() where id = $1`,
    [ended.id],
  )
  return ended
}

test('after time travel a comparison begins and ends by the service’s clock', async () => {
  const before = new Date(world.clock.now().getTime() + 2 * 86_400_000)
  await world.moveTo(before)
  const { runId } = await compare({ dryRun: true })
  const run = await world.container.repositories.reconciliations.find(runId)
  expect(run!.startedAt.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1_000)
  expect(run!.finishedAt!.getTime()).toBeGreaterThanOrEqual(run!.startedAt.getTime())
  expect(run!.finishedAt!.getTime()).toBeLessThan(run!.startedAt.getTime() + 3_600_000)
})
