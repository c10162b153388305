import type { Interval } from '../calendar.ts'
import type { SubscriptionId, UserId } from '../ids.ts'

/** All statuses. */
export const STATUSES = [
  'incomplete',
  'incomplete_expired',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'canceled',
] as const
/**
 * Stripe's statuses. A status that Stripe adds later is handled in `adapters/stripe`.
 *
 * @see https://docs.stripe.com/api/subscriptions/object#subscription_object-status
 */
export type Status = (typeof STATUSES)[number]

/** Final statuses. */
export const TERMINAL = ['canceled', 'incomplete_expired'] as const satisfies readonly Status[]

/** The statuses of a subscription that has begun and has not ended. */
export const STARTED = [
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
] as const satisfies readonly Status[]

/** Whether the status is not final. */
export const isLive = (status: Status): boolean => !TERMINAL.some((over) => over === status)

/** A payment page at Stripe for `planVersionId`, open until `expiresAt`. */
export type Checkout = {
  readonly sessionId: string
  readonly url: string
  readonly expiresAt: Date
  readonly planVersionId: string
}

/** Units of an add-on's version. */
export type AddonUnits = { readonly planVersionId: string; readonly quantity: number }
/** An add-on of a subscription: it is charged with the plan, and its limits count beside the plan's. */
export type Addon = AddonUnits & { readonly stripeItemId: string }

/** A plan change that was requested and has not happened yet. */
export type PendingChange = {
  /** `scheduled` happens at `at`; `awaiting_payment` happens once it is paid, and expires at `at`. */
  readonly kind: 'scheduled' | 'awaiting_payment'
  /** The current plan when a paused subscription waits for the payment that resumes it. */
  readonly planVersionId: string
  /** The units of the plan after the change. */
  readonly quantity: number
  /** The add-ons after the change. */
  readonly addons: readonly AddonUnits[]
  readonly at: Date
  /** The page to pay on; null when no payment is due, or Stripe has no page for it. */
  readonly paymentUrl: string | null
}

/** A discount on a subscription's price. */
export type Discount = {
  readonly couponId: string
  /** The code that the customer entered; null when an application applied the coupon. */
  readonly promotionCode: string | null
  readonly percentOff: number | null
  readonly amountOffMinor: number | null
  readonly currency: string | null
  /** Null means that it never ends. */
  readonly endsAt: Date | null
}

/**
 * Collection that was paused in Stripe's dashboard: periods continue, and no invoice is collected.
 *
 * @see https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export type CollectionPause = {
  /** The fate of the invoices at Stripe: `keep_as_draft`, `mark_uncollectible` or `void`. */
  readonly behavior: string
  /** When collection resumes by itself; null when an operator resumes it. */
  readonly resumesAt: Date | null
  /** The end of the last period that was collected. */
  readonly paidUntil: Date
}

/**
 * An item of a subscription at Stripe that nobody here made, such as an add-on of the dashboard. It is charged with the plan; no
 * command changes or removes it.
 */
export type ForeignItem = {
  readonly stripeItemId: string
  readonly stripePriceId: string
  /** Null if it was not read. */
  readonly productName: string | null
  readonly quantity: number
  /** For one unit; null if the price has tiers or parts of a minor unit. */
  readonly unitAmountMinor: number | null
  readonly currency: string
}

/** The facts of a subscription in any state, as its workflow observed them last. */
type Facts = {
  readonly id: SubscriptionId
  readonly userId: UserId
  readonly productLine: string
  readonly planVersionId: string
  /** The number of units of the plan, such as seats; the price is per unit. */
  readonly quantity: number
  readonly discount: Discount | null
  readonly cancelAt: Date | null
  readonly pendingChange: PendingChange | null
  /** The instant at which a paused subscription resumes by itself; null when it waits for a command, or is not paused. */
  readonly resumesAt: Date | null
  /**
   * The instant at which a pause stopped the clock: what was left of the period and of the quotas continues at the resumption.
   * Null when it is not paused, or when the pause left nothing.
   */
  readonly pausedAt: Date | null
  /** Features may be used before this instant; null means not at all. See `accessUntil`. */
  readonly accessUntil: Date | null
  readonly checkout: Checkout | null
  /** The number of checkouts opened so far, so that each has idempotency keys of its own. */
  readonly checkoutGeneration: number
  readonly stripeSubscriptionId: string | null
  /** Stripe's id of the item that is the plan; null while it is not known there. */
  readonly stripeItemId: string | null
  readonly addons: readonly Addon[]
  readonly foreignItems: readonly ForeignItem[]
  /**
   * A bank has not answered yet, which can take days: to the `first` payment, or to a later one. Null when nothing is
   * under way.
   */
  readonly paymentProcessing: 'first' | 'later' | null
  readonly collectionPause: CollectionPause | null
  /** A difference from Stripe that an operator has to resolve, in words; null when there is none. */
  readonly drift: string | null
  /** The number of writes of this record; each write requires the number that it read. */
  readonly observedSeq: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** The facts of a subscription that has begun and has not ended. */
type Begun = Facts & {
  /** The instant from which all period boundaries are counted. */
  readonly anchor: Date
  readonly period: Interval
  readonly trialEnd: Date | null
  readonly pastDueSince: null
  readonly endedAt: null
}

/** Waits for its first payment. */
export type Incomplete = Facts & {
  readonly status: 'incomplete'
  readonly anchor: Date | null
  readonly period: Interval | null
  readonly trialEnd: Date | null
  readonly pastDueSince: null
  readonly endedAt: null
}
/** Uses a plan before its first payment. */
export type Trialing = Begun & { readonly status: 'trialing'; readonly trialEnd: Date }
/** The present period is paid, or costs nothing. */
export type Running = Begun & { readonly status: 'active' }
/** A renewal was not paid, and Stripe still retries the payment. */
export type PastDue = Omit<Begun, 'pastDueSince'> & {
  readonly status: 'past_due'
  readonly pastDueSince: Date
}
/** A renewal was not paid, and Stripe has stopped retrying. */
export type Unpaid = Begun & { readonly status: 'unpaid' }
/** Nothing is charged, and there is no access. */
export type Paused = Begun & { readonly status: 'paused' }
/** Nothing follows. It never began when `period` is null. */
export type Over = Facts & {
  readonly status: (typeof TERMINAL)[number]
  readonly anchor: Date | null
  readonly period: Interval | null
  readonly trialEnd: Date | null
  readonly pastDueSince: null
  readonly endedAt: Date
}

/** One user's subscription to a plan. Each state holds the facts that the database's constraints guarantee for it. */
export type Subscription = Incomplete | Trialing | Running | PastDue | Unpaid | Paused | Over

/** A subscription that has not ended. */
export type Live = Exclude<Subscription, Over>

/** A subscription that has begun and has not ended. */
export type InPeriod = Exclude<Live, Incomplete>

/** Whether the subscription has begun and has not ended: it is in a period. */
export const isInPeriod = (subscription: Subscription): subscription is InPeriod =>
  !isOver(subscription) && subscription.status !== 'incomplete'

/** Whether nothing follows. */
export const isOver = (subscription: Subscription): subscription is Over =>
  subscription.endedAt !== null

/** A subscription that ends at `at`: nothing of it is pending any more. The instant of an earlier end stays. */
export const ended = (before: Subscription, status: Over['status'], at: Date): Over => ({
  ...before,
  status,
  checkout: null,
  cancelAt: null,
  pendingChange: null,
  resumesAt: null,
  pausedAt: null,
  pastDueSince: null,
  paymentProcessing: null,
  collectionPause: null,
  endedAt: before.endedAt ?? at,
})

/** A new subscription, before its first checkout. */
export function newSubscription(
  start: Pick<Subscription, 'id' | 'userId' | 'productLine' | 'planVersionId'> & {
    readonly at: Date
  },
): Incomplete {
  const { at, ...identity } = start
  return {
    ...identity,
    quantity: 1,
    discount: null,
    status: 'incomplete',
    anchor: null,
    period: null,
    trialEnd: null,
    cancelAt: null,
    pendingChange: null,
    resumesAt: null,
    pausedAt: null,
    pastDueSince: null,
    endedAt: null,
    accessUntil: null,
    checkout: null,
    checkoutGeneration: 0,
    stripeSubscriptionId: null,
    stripeItemId: null,
    addons: [],
    foreignItems: [],
    paymentProcessing: null,
    collectionPause: null,
    drift: null,
    observedSeq: 0,
    createdAt: at,
    updatedAt: at,
  }
}
