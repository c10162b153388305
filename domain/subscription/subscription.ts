import type { Interval } from '../calendar.ts'
import type { SubscriptionId, UserId } from '../ids.ts'

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
/** Stripe's own words. A status that Stripe adds later is met in `adapters/stripe`, not here. */
export type Status = (typeof STATUSES)[number]

/** Nothing follows these. */
export const TERMINAL = ['canceled', 'incomplete_expired'] as const satisfies readonly Status[]

export const isLive = (status: Status): boolean => !TERMINAL.some((over) => over === status)

/** A page at Stripe where a person can pay for `planVersionId` until `expiresAt`. */
export type Checkout = {
  readonly sessionId: string
  readonly url: string
  readonly expiresAt: Date
  readonly planVersionId: string
}

/** A change of plan that was asked for and has not happened yet. */
export type PendingChange = {
  /** `scheduled` happens at `at`; `awaiting_payment` happens once it is paid, and is given up at `at`. */
  readonly kind: 'scheduled' | 'awaiting_payment'
  /** The present plan itself when a paused subscription waits for the payment that resumes it. */
  readonly planVersionId: string
  readonly at: Date
  /** Where a person can pay; null when nothing is to be paid, or Stripe gave no page. */
  readonly paymentUrl: string | null
}

/** What takes something off a subscription's price. */
export type Discount = {
  readonly couponId: string
  /** What the person typed; null when an application gave the coupon. */
  readonly promotionCode: string | null
  readonly percentOff: number | null
  readonly amountOffMinor: number | null
  readonly currency: string | null
  /** Null: for good. */
  readonly endsAt: Date | null
}

/** One user's standing agreement to a plan, as last observed by its workflow. */
export type Subscription = {
  readonly id: SubscriptionId
  readonly userId: UserId
  readonly productLine: string
  readonly planVersionId: string
  /** How many of the plan, such as seats: the price is for one. */
  readonly quantity: number
  readonly discount: Discount | null
  readonly status: Status
  /** The instant from which all boundaries are counted; null until the subscription runs. */
  readonly anchor: Date | null
  readonly period: Interval | null
  readonly trialEnd: Date | null
  readonly cancelAt: Date | null
  readonly pendingChange: PendingChange | null
  /** When a paused subscription goes on by itself; null when it waits to be resumed, or is not paused. */
  readonly resumesAt: Date | null
  readonly pastDueSince: Date | null
  readonly endedAt: Date | null
  /** Features may be used before this instant; null means not at all. See `accessUntil`. */
  readonly accessUntil: Date | null
  readonly checkout: Checkout | null
  /** Counts the checkouts that were opened, so that each has keys of its own. */
  readonly checkoutGeneration: number
  readonly stripeSubscriptionId: string | null
  /** What differs from Stripe and waits for an operator, in words; null when nothing does. */
  readonly drift: string | null
  /** Counts the writes of this record; each write continues from the one before. */
  readonly observedSeq: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A subscription before anything happened to it. */
export function newSubscription(
  start: Pick<Subscription, 'id' | 'userId' | 'productLine' | 'planVersionId'> & {
    readonly at: Date
  },
): Subscription {
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
    pastDueSince: null,
    endedAt: null,
    accessUntil: null,
    checkout: null,
    checkoutGeneration: 0,
    stripeSubscriptionId: null,
    drift: null,
    observedSeq: 0,
    createdAt: at,
    updatedAt: at,
  }
}
