import { randomUUID } from 'node:crypto'
import { subscriptionId, userId } from '../../domain/ids.ts'
import { money } from '../../domain/money.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { newSubscription, type Subscription } from '../../domain/subscription/subscription.ts'
import type { SubscriptionSnapshot } from '../../domain/stripe/snapshot.ts'

export const START = new Date('2026-01-31T10:00:00.000Z')

/** A paid monthly plan; tests override fields. */
export const aPlan = (given: Partial<PlanVersion> = {}): PlanVersion => ({
  id: randomUUID(),
  planId: randomUUID(),
  slug: 'plan_pro_monthly',
  name: 'Pro',
  productLine: 'main',
  rank: 10,
  kind: 'base',
  fits: null,
  version: 1,
  period: 'monthly',
  price: money(2_000, 'usd'),
  trialDays: 0,
  stripePriceId: 'price_1',
  isOffer: false,
  offerEndsAt: null,
  features: [],
  ...given,
})

/** Facts in any state; the test is responsible for a consistent combination. */
export type GivenFacts = { readonly [Name in keyof Subscription]?: Subscription[Name] }

/** A subscription with other facts. */
export const withFacts = (before: Subscription, given: GivenFacts): Subscription =>
  ({ ...before, ...given }) as Subscription

export const aSubscription = (given: GivenFacts = {}): Subscription =>
  withFacts(
    newSubscription({
      id: subscriptionId(randomUUID()),
      userId: userId('ada'),
      productLine: 'main',
      planVersionId: randomUUID(),
      at: START,
    }),
    given,
  )

export const anActiveSubscription = (given: GivenFacts = {}): Subscription =>
  aSubscription({
    status: 'active',
    anchor: START,
    period: { start: START, end: new Date('2026-02-28T10:00:00.000Z') },
    stripeSubscriptionId: 'sub_1',
    ...given,
  })

export const aStripeSubscription = (
  given: Partial<Extract<SubscriptionSnapshot, { kind: 'present' }>> = {},
): Extract<SubscriptionSnapshot, { kind: 'present' }> => ({
  kind: 'present',
  id: 'sub_1',
  status: 'active',
  rawStatus: 'active',
  priceId: 'price_1',
  itemId: 'si_1',
  addons: [],
  foreignItems: [],
  quantity: 1,
  discount: null,
  anchor: START,
  period: { start: START, end: new Date('2026-02-28T10:00:00.000Z') },
  trialEnd: null,
  pausedAt: null,
  cancelAt: null,
  endedAt: null,
  scheduled: null,
  awaitingPayment: null,
  latestInvoice: null,
  isProcessing: false,
  collectionPause: null,
  belongsTo: null,
  ...given,
})
