import type { CheckoutDiscount } from '../adapters/stripe/commands/checkout.ts'
import { priceOfPlan } from '../adapters/stripe/commands/price-of-plan.ts'
import type { CheckoutAnswer, CheckoutRefusal, SubscriptionView } from '../workflows/contract.ts'
import { subscriptionId, userId } from '../domain/ids.ts'
import { isFree, type PlanVersion } from '../domain/catalogue/plan.ts'
import { activateFree } from '../domain/subscription/renewal.ts'
import { newSubscription, type Subscription } from '../domain/subscription/subscription.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createRecorder } from './recorder.ts'
import { askStripe } from './stripe-failure.ts'

export type CheckoutOrder = {
  readonly subscriptionId: string
  readonly userId: string
  readonly planVersionId: string
  readonly quantity: number
  readonly paymentMethodCollection: 'always' | 'if_required'
  readonly successUrl: string
  readonly cancelUrl: string
  readonly discount?: CheckoutDiscount
  /** Which of the subscription's checkouts this is, counted by its workflow. */
  readonly generation: number
  readonly at: string
}

export type CheckoutOutcome = {
  readonly answer: CheckoutAnswer
  /** Null when the subscription was never begun. */
  readonly view: SubscriptionView | null
}

const MINUTE_MS = 60_000

export function createCheckoutActivities(dependencies: ActivityDependencies) {
  const { repositories, stripe, checkoutMinutes } = dependencies
  const { customers, plans, subscriptions } = repositories
  const { record, view } = createRecorder(dependencies)

  /** The subscription's row, made when this is its first step; or who stands in its way. */
  async function begin(order: CheckoutOrder, plan: PlanVersion) {
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

  async function refuse(
    code: CheckoutRefusal,
    by: string | null,
    subscription: Subscription | null,
  ): Promise<CheckoutOutcome> {
    return {
      answer: { kind: 'refused', code, by },
      view:
        subscription &&
        (await view(subscription, await plans.getVersion(subscription.planVersionId))),
    }
  }

  async function stripeCustomer(order: CheckoutOrder): Promise<string> {
    const customer = await customers.find(order.userId)
    if (customer?.stripeCustomerId) return customer.stripeCustomerId
    const { userId: user } = order
    const created = await askStripe(() =>
      stripe.createCustomer({
        userId: user,
        email: customer?.email ?? null,
        generation: customer?.stripeGeneration ?? 1,
      }),
    )
    return customers.recordStripeCustomer(user, created)
  }

  return {
    /**
     * Ends what a first checkout began and could not finish, so that the user is free to begin again. Running it twice,
     * or where nothing was begun, or where a page is open after all, changes nothing.
     */
    async abandon(order: Pick<CheckoutOrder, 'subscriptionId' | 'at'>): Promise<void> {
      const before = await subscriptions.find(subscriptionId(order.subscriptionId))
      if (before?.status !== 'incomplete' || before.checkout !== null) return
      const plan = await plans.getVersion(before.planVersionId)
      const at = new Date(order.at)
      const after: Subscription = { ...before, status: 'incomplete_expired', endedAt: at }
      await record({
        before,
        after,
        plan,
        at,
        actor: 'time',
        cause: 'the checkout could not be opened',
      })
    },

    /**
     * Starts a free plan: it runs at once and never meets Stripe. Running it twice answers what the first did.
     */
    async startFree(order: CheckoutOrder): Promise<CheckoutOutcome> {
      const plan = await plans.getVersion(order.planVersionId)
      const start = await begin(order, plan)
      if (start.kind === 'taken') return refuse('subscription_exists', start.by, null)
      const { subscription } = start
      if (subscription.status === 'incomplete' && subscription.checkout === null) {
        const at = new Date(order.at)
        const after = activateFree(subscription, plan, at)
        const started = await record({
          before: subscription,
          after,
          plan,
          at,
          actor: 'user',
          cause: 'checkout',
        })
        return { answer: running(after), view: started }
      }
      const isOurs = subscription.planVersionId === plan.id && order.generation === 1
      if (!isOurs) return refuse('subscription_exists', subscription.id, subscription)
      return { answer: running(subscription), view: await view(subscription, plan) }
    },

    /**
     * Opens a page at Stripe on which the plan can be bought, and closes the one that was open before: there is never
     * more than one to pay on. Running it twice with one generation answers the same page.
     */
    async openCheckout(order: CheckoutOrder): Promise<CheckoutOutcome> {
      const plan = await plans.getVersion(order.planVersionId)
      const start = await begin(order, plan)
      if (start.kind === 'taken') return refuse('subscription_exists', start.by, null)
      const before = start.subscription
      const planBefore = await plans.getVersion(before.planVersionId)
      if (before.checkout !== null && before.checkoutGeneration >= order.generation)
        return { answer: opened(before), view: await view(before, planBefore) }
      const isOpenForBuying =
        before.status === 'incomplete' || (before.status === 'active' && isFree(planBefore))
      if (!isOpenForBuying) return refuse('subscription_exists', before.id, before)

      const previous = before.checkout
      if (previous !== null) {
        const end = await askStripe(() => stripe.expireCheckout(previous.sessionId))
        if (end === 'complete') return refuse('checkout_already_paid', before.id, before)
      }
      const customerId = await stripeCustomer(order)
      const priceId = await askStripe(() => priceOfPlan({ plans, stripe }, plan))
      const hadTrial = await subscriptions.hadTrial(before.userId, before.productLine)
      const at = new Date(order.at)
      const checkout = await askStripe(() =>
        stripe.createCheckout({
          subscriptionId: before.id,
          userId: order.userId,
          customerId,
          plan,
          priceId,
          generation: order.generation,
          quantity: order.quantity,
          discount: order.discount ?? null,
          trialDays: hadTrial ? 0 : plan.trialDays,
          paymentMethodCollection: order.paymentMethodCollection,
          successUrl: order.successUrl,
          cancelUrl: order.cancelUrl,
          expiresAt: new Date(at.getTime() + checkoutMinutes * MINUTE_MS),
        }),
      )
      // What an incomplete subscription is for is what its page sells; a running one keeps its plan until that is paid.
      const planAfter = before.status === 'incomplete' ? plan : planBefore
      const after = {
        ...before,
        planVersionId: planAfter.id,
        checkout,
        checkoutGeneration: order.generation,
      }
      return {
        answer: opened(after),
        view: await record({
          before,
          after,
          plan: planAfter,
          at,
          actor: 'user',
          cause: 'checkout',
        }),
      }
    },
  }
}

const opened = ({ status, checkout }: Subscription): CheckoutAnswer => ({
  kind: 'opened',
  status,
  checkoutUrl: checkout?.url ?? null,
  expiresAt: checkout?.expiresAt.toISOString() ?? null,
})

const running = ({ status }: Subscription): CheckoutAnswer => ({
  kind: 'opened',
  status,
  checkoutUrl: null,
  expiresAt: null,
})
