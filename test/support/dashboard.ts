import type Stripe from 'stripe'
import { priceOfPlan } from '../../adapters/stripe/commands/price-of-plan.ts'
import { getPlan } from './rows.ts'
import type { World } from './world.ts'

/** Actions in Stripe's dashboard: the same API calls, without our API key. */
export async function dashboardCustomer(
  { stripe }: World,
  metadata: Record<string, string> = {},
): Promise<Stripe.Customer> {
  const customer = await stripe.customers.create({ email: 'dash@example.com', metadata })
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  return stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: method.id },
  })
}

/** The Stripe price of a plan. */
export async function priceOf({ container }: World, slug: string): Promise<string> {
  const { plans } = container.repositories
  const plan = await getPlan(container.repositories, slug)
  return priceOfPlan({ plans, stripe: container.stripe }, plan)
}

/** A price that is unknown to Perennial; without terms it is $7.00 a month. */
export async function dashboardPrice(
  { stripe }: World,
  terms: Partial<Omit<Stripe.PriceCreateParams, 'product'>> = {},
): Promise<string> {
  const product = await stripe.products.create({ name: 'By hand' })
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 700,
    product: product.id,
    recurring: { interval: 'month' },
    ...terms,
  })
  return price.id
}

export const dashboardSubscription = (
  { stripe }: World,
  given: {
    customer: string
    price: string
    metadata?: Record<string, string>
    trialDays?: number
  },
): Promise<Stripe.Subscription> =>
  stripe.subscriptions.create({
    customer: given.customer,
    items: [{ price: given.price }],
    metadata: given.metadata ?? {},
    ...(given.trialDays !== undefined && { trial_period_days: given.trialDays }),
  })

/** Sets a knob of the simulator. */
export async function turn({ simulator }: World, knob: string, body: object): Promise<void> {
  const answer = await fetch(`${simulator.url}/_simulator/${knob}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Resets all knobs. */
export async function undo({ simulator }: World): Promise<void> {
  for (const knob of ['faults', 'deliveries'])
    await fetch(`${simulator.url}/_simulator/${knob}`, { method: 'DELETE' })
}

/** Compares everything without repairs. @returns the kinds of the open findings about an object at Stripe */
export async function findingsOf(
  { container: { reconciliations }, database }: World,
  stripeId: string,
): Promise<string[]> {
  const run = { cause: 'test', scope: 'all', dryRun: true, repairsMax: 0 } as const
  await reconciliations.result(await reconciliations.start(run))
  const { rows } = await database.pool.query<{ kind: string }>(
    `select kind from drift_findings where stripe_id = $1 and state = 'open' order by kind`,
    [stripeId],
  )
  return rows.map(({ kind }) => kind)
}
