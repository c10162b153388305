import type { CheckoutDiscount } from '../adapters/stripe/commands/checkout.ts'
import {
  withPlannedPrices,
  type PlannedPrices,
} from '../adapters/stripe/commands/planned-prices.ts'
import type { CheckoutAnswer, CheckoutRefusal, SubscriptionView } from '../workflows/contract.ts'
import { subscriptionId, userId } from '../domain/ids.ts'
import { isFree, type PlanVersion } from '../domain/catalogue/plan.ts'
import type { CheckoutTax } from '../domain/stripe/tax.ts'
import type { Repositories } from '../domain/repositories.ts'
import {
  newSubscription,
  type AddonUnits,
  type Subscription,
} from '../domain/subscription/subscription.ts'
import type { ActivityParts } from './parts.ts'
import { record, viewOf, type RecordParts } from './record.ts'
import { trialDaysFor } from './repeated-trial.ts'
import { askStripe } from './stripe-failure.ts'

/** A purchase of a plan: the payment page’s terms. `at` is ISO 8601, `quantity` at least 1. */
export type CheckoutOrder = {
  readonly subscriptionId: string
  readonly userId: string
  readonly planVersionId: string
  readonly quantity: number
  readonly addons?: readonly AddonUnits[]
  readonly paymentMethodCollection: 'always' | 'if_required'
  readonly successUrl: string
  readonly cancelUrl: string
  readonly discount?: CheckoutDiscount
  /** Overrides the deployment's tax settings for this page. */
  readonly tax?: CheckoutTax
  readonly byItself?: boolean
  /** The number of this checkout, counted by the workflow. */
  readonly generation: number
  readonly at: string
}

/** The answer for the caller, and the view for the workflow. */
export type CheckoutOutcome = {
  readonly answer: CheckoutAnswer
  /** Null when no subscription began. */
  readonly view: SubscriptionView | null
}

const MINUTE_MS = 60_000

type CheckoutParts = RecordParts &
  Pick<ActivityParts, 'stripe' | 'checkoutMinutes' | 'trialOncePer'>

/**
 * Expires a subscription whose first checkout could not be opened, so that the user can start again. Running it twice, or
 * where no subscription began, or where a page is open after all, changes nothing.
 */
export async function abandon(
  parts: RecordParts,
  order: Pick<CheckoutOrder, 'subscriptionId' | 'at'>,
): Promise<void> {
  const { subscriptions } = parts.repositories
  const before = await subscriptions.find(subscriptionId(order.subscriptionId))
  if (before?.status !== 'incomplete' || before.checkout !== null) return
  const at = new Date(order.at)
  const cause = 'the checkout could not be opened'
  await record(parts, { before, rule: { name: 'checkout_abandoned' }, at, actor: 'time', cause })
}

/** Starts a free plan, which is active immediately and unknown to Stripe. Running it twice gives the first answer. */
export async function startFree(
  parts: RecordParts,
  order: CheckoutOrder,
): Promise<CheckoutOutcome> {
  const { repositories } = parts
  const plan = await repositories.plans.getVersion(order.planVersionId)
  const start = await begin(repositories, order, plan)
  if (start.kind === 'taken') return refused('subscription_exists', start.by)
  const before = start.subscription
  if (before.status === 'incomplete' && before.checkout === null) {
    const origin = order.byItself
      ? ({ actor: 'time', cause: 'the plan begins by itself' } as const)
      : ({ actor: 'user', cause: 'checkout' } as const)
    const rule = { name: 'free_start', planVersionId: plan.id } as const
    const { after, view } = await record(parts, {
      before,
      rule,
      at: new Date(order.at),
      ...origin,
    })
    return { answer: running(after), view }
  }
  const isOurs = before.planVersionId === plan.id && order.generation === 1
  if (!isOurs) return refusedWithView(repositories, 'subscription_exists', before)
  return { answer: running(before), view: await viewOf(repositories, before, plan) }
}

/**
 * Opens a payment page at Stripe and closes the one that was open before, so that there is at most one. Running it twice
 * with one generation returns the same page.
 */
export async function openCheckout(
  parts: CheckoutParts,
  order: CheckoutOrder,
): Promise<CheckoutOutcome> {
  const { repositories, stripe } = parts
  const { plans } = repositories
  const plan = await plans.getVersion(order.planVersionId)
  const start = await begin(repositories, order, plan)
  if (start.kind === 'taken') return refused('subscription_exists', start.by)
  const before = start.subscription
  const planBefore = await plans.getVersion(before.planVersionId)
  const trialDays = await trialDaysFor(parts, plan, order.userId)
  if (before.checkout !== null && before.checkoutGeneration >= order.generation)
    return {
      answer: opened(before, trialDays),
      view: await viewOf(repositories, before, planBefore),
    }
  const isOpenForPurchase =
    before.status === 'incomplete' || (before.status === 'active' && isFree(planBefore))
  if (!isOpenForPurchase) return refusedWithView(repositories, 'subscription_exists', before)

  if (before.paymentProcessing !== null)
    return refusedWithView(repositories, 'payment_processing', before)
  const previous = before.checkout
  if (previous !== null) {
    const end = await askStripe(() => stripe.expireCheckout(previous.sessionId))
    if (end === 'complete') return refusedWithView(repositories, 'checkout_already_paid', before)
  }
  const checkout = await createPage(parts, { ...order, trialDays }, plan, before)
  const { generation } = order
  const rule = { name: 'checkout_opened', checkout, generation } as const
  const step = { before, rule, at: new Date(order.at), actor: 'user', cause: 'checkout' } as const
  const { after, view } = await record(parts, step)
  return { answer: opened(after, trialDays), view }
}

/** The subscription's row, which the first step inserts; or the id of the subscription that is in its way. */
async function begin(
  { customers, subscriptions }: Repositories,
  order: CheckoutOrder,
  plan: PlanVersion,
) {
  const id = subscriptionId(order.subscriptionId)
  const existing = await subscriptions.find(id)
  if (existing !== undefined) return { kind: 'begun' as const, subscription: existing }
  const at = new Date(order.at)
  await customers.upsert({ userId: order.userId }, at)
  const subscription = newSubscription({
    id,
    userId: userId(order.userId),
    productLine: plan.productLine,
    planVersionId: plan.id,
    at,
  })
  const outcome = await subscriptions.create(subscription)
  if (outcome.kind === 'taken') return outcome
  return {
    kind: 'begun' as const,
    subscription: outcome.kind === 'created' ? subscription : outcome.subscription,
  }
}

/** Creates the page with its customer and price. A retry with the same generation gets the same page. */
async function createPage(
  { repositories, stripe, checkoutMinutes }: CheckoutParts,
  order: CheckoutOrder & { readonly trialDays: number },
  plan: PlanVersion,
  before: Subscription,
) {
  const { customers } = repositories
  const at = new Date(order.at)
  const customerId = await stripeCustomer({ repositories, stripe }, order)
  const customer = await customers.find(order.userId)
  const page = {
    subscriptionId: before.id,
    userId: order.userId,
    customerId,
    plan,
    generation: order.generation,
    quantity: order.quantity,
    discount: order.discount ?? null,
    tax: order.tax ?? {},
    trialDays: order.trialDays,
    locale: customer?.locale ?? 'en',
    paymentMethodCollection: order.paymentMethodCollection,
    successUrl: order.successUrl,
    cancelUrl: order.cancelUrl,
    expiresAt: new Date(at.getTime() + checkoutMinutes * MINUTE_MS),
  }
  const send = (prices: PlannedPrices) => stripe.createCheckout({ ...page, ...prices })
  const { addons = [] } = order
  return askStripe(() =>
    withPlannedPrices({ stripe, repositories }, plan, { send, at, addons, held: [] }),
  )
}

async function stripeCustomer(
  { repositories: { customers }, stripe }: Pick<CheckoutParts, 'repositories' | 'stripe'>,
  { userId: user }: CheckoutOrder,
): Promise<string> {
  const customer = await customers.find(user)
  if (customer?.stripeCustomerId) return customer.stripeCustomerId
  const created = await askStripe(() =>
    stripe.createCustomer({
      userId: user,
      email: customer?.email ?? null,
      name: customer?.name ?? null,
      generation: customer?.stripeGeneration ?? 1,
    }),
  )
  return customers.recordStripeCustomer(user, created)
}

const refused = (code: CheckoutRefusal, by: string | null): CheckoutOutcome => ({
  answer: { kind: 'refused', code, by },
  view: null,
})

async function refusedWithView(
  repositories: Repositories,
  code: CheckoutRefusal,
  before: Subscription,
): Promise<CheckoutOutcome> {
  const plan = await repositories.plans.getVersion(before.planVersionId)
  return { ...refused(code, before.id), view: await viewOf(repositories, before, plan) }
}

const opened = ({ status, checkout }: Subscription, trialDays: number): CheckoutAnswer => ({
  kind: 'opened',
  status,
  checkoutUrl: checkout?.url ?? null,
  expiresAt: checkout?.expiresAt.toISOString() ?? null,
  trialDays,
})

const running = ({ status }: Subscription): CheckoutAnswer => ({
  kind: 'opened',
  status,
  checkoutUrl: null,
  expiresAt: null,
})
