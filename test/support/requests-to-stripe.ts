import { randomUUID } from 'node:crypto'
import type { Exchange } from '../../packages/stripe-simulator/http/api.ts'
import { pay } from './checkout-page.ts'
import { dashboardCustomer, dashboardSubscription, priceOf } from './dashboard.ts'
import { sellTrialPlan, TRIAL_PLAN } from './plans.ts'
import { subscribe, unpaidCustomer } from './customer.ts'
import { runFullLifecycle } from './whole-life.ts'
import { createWorld, type World } from './world.ts'

const DAY_MS = 86_400_000

/** All requests that a world sent to Stripe, after it is closed. */
export async function requestsOfFullLifecycle(): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = []
  const world = await createWorld({ stripe: { onExchange: (each) => exchanges.push(each) } })
  try {
    await sellTrialPlan(world)
    await runFullLifecycle(world)
    await runCommands(world)
    await buyInOtherWays(world)
    await importFromStripe(world)
    await runBackgroundJobs(world)
  } finally {
    await world.close()
  }
  return exchanges
}

/** Every command of a customer. */
async function runCommands(world: World): Promise<void> {
  const who = await subscribe(world, 'plan_pro_monthly')
  await who.ask('POST', '/plan/preview', { plan_id: 'plan_enterprise' })
  await who.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
  await who.ask('PUT', '/plan', { plan_id: 'plan_pro_monthly', when: 'period_end' })
  await who.ask('DELETE', '/plan/pending')
  await who.ask('PUT', '/cancellation', { when: 'period_end' })
  await who.ask('DELETE', '/cancellation')
  await who.ask('PUT', '/pause', {})
  await who.ask('DELETE', '/pause')
  await world.call('POST', '/portal', {
    user: who.user,
    body: { return_url: 'https://shop.example' },
  })
  await who.ask('PUT', '/cancellation', { when: 'now' })
  const declined = await subscribe(world, 'plan_pro_monthly')
  await declined.cards('declines')
  await declined.ask('PUT', '/plan', { plan_id: 'plan_enterprise', when: 'now' })
  await declined.ask('DELETE', '/plan/pending')
  const trying = await subscribe(world, TRIAL_PLAN)
  const ends_at = new Date(world.clock.now().getTime() + 20 * DAY_MS).toISOString()
  await trying.ask('PUT', '/trial', { ends_at }, { operator: true })
  await trying.ask('DELETE', '/trial')
  await world.settled()
}

/** With promotion codes, coupons and seats; and a checkout page that is never paid. */
async function buyInOtherWays(world: World): Promise<void> {
  const { stripe } = world
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever' })
  const code = `TEST${randomUUID().slice(0, 8).toUpperCase()}`
  await stripe.promotionCodes.create({ code, promotion: { type: 'coupon', coupon: coupon.id } })
  for (const body of [
    { promotion_code: code },
    { coupon: coupon.id },
    { allow_promotion_codes: true, quantity: 3 },
  ])
    await subscribe(world, 'plan_pro_monthly', { body })
  const unpaid = await unpaidCustomer(world)
  await unpaid.ask('PUT', '/cancellation', { when: 'now' })
}

/** Changes made at Stripe, and refunds. */
async function importFromStripe(world: World): Promise<void> {
  const { stripe } = world
  const price = await priceOf(world, 'plan_pro_monthly')
  const customer = await dashboardCustomer(world, { perennial_user_id: randomUUID() })
  await dashboardSubscription(world, { customer: customer.id, price })
  await world.settled()
  // Two checkout pages that were both paid: the extra subscription is canceled and refunded.
  const payer = await unpaidCustomer(world)
  const metadata = { perennial_subscription_id: payer.id, perennial_user_id: payer.user }
  const [page] = (await stripe.checkout.sessions.list({ limit: 1 })).data
  if (typeof page?.customer !== 'string') throw new Error('the page has no customer')
  const other = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: page.customer,
    line_items: [{ price, quantity: 1 }],
    metadata,
    subscription_data: { metadata },
    success_url: 'https://shop.example',
  })
  await Promise.all([pay((await payer.read()).checkout.url), pay(other.url ?? '')])
  await world.settled()
  const charge = (await stripe.charges.list()).data.find(({ refunded }) => !refunded)
  await stripe.refunds.create({ charge: charge?.id ?? '' })
  await world.settled()
}

/** The worker's background jobs: catalogue sync, polling of events, and a full comparison. */
async function runBackgroundJobs({ container, clock, settled }: World): Promise<void> {
  await container.pushCatalogue(clock.now())
  await container.tailStripeEvents(clock.now(), 0)
  const id = await container.reconciliations.start({
    cause: 'test',
    scope: 'all',
    dryRun: false,
    repairsMax: 100,
  })
  await container.reconciliations.result(id)
  await settled()
}
