import { FOREVER } from '../usage/quota-window.ts'
import type { Subscription } from './subscription.ts'

/** The policies that decide when access ends. */
export type AccessPolicy = {
  /** Days for which features stay usable after a renewal was not paid. */
  readonly graceDays: number
  /**
   * Access while an operator has paused collection in Stripe's dashboard. `as_stripe` follows the meaning that Stripe
   * gives to the behavior: `void` is for a service that cannot be given, the others are for free months.
   *
   * @see https://docs.stripe.com/billing/subscriptions/pause-payment
   */
  readonly whileCollectionPaused: (typeof COLLECTION_PAUSE_POLICIES)[number]
}

/** Access while collection is paused at Stripe; docs/configuration.md describes each. */
export const COLLECTION_PAUSE_POLICIES = ['as_stripe', 'keep', 'none'] as const

const DAY_MS = 86_400_000

/**
 * The end of access: a policy, separate from status. A running subscription keeps access while its renewal is still on
 * its way from Stripe, so a late webhook locks no customer out.
 * @returns null for no access, `FOREVER` for access without a known end.
 */
export function accessUntil(subscription: Subscription, policy: AccessPolicy): Date | null {
  switch (subscription.status) {
    case 'trialing':
    case 'active':
      // The bank has not paid the first period yet.
      if (subscription.paymentProcessing === 'first' && subscription.stripeSubscriptionId !== null)
        return null
      return earlier(subscription.cancelAt ?? FOREVER, limitOf(subscription, policy))
    case 'past_due':
      return new Date(subscription.pastDueSince.getTime() + policy.graceDays * DAY_MS)
    case 'canceled':
      return subscription.endedAt
    case 'incomplete':
    case 'incomplete_expired':
    case 'unpaid':
    case 'paused':
      return null
  }
}

/** The end of what is paid, if access does not outlast it. */
function limitOf({ collectionPause: pause }: Subscription, policy: AccessPolicy): Date {
  const { whileCollectionPaused: rule } = policy
  const isGiven = rule === 'keep' || (rule === 'as_stripe' && pause?.behavior !== 'void')
  return pause === null || isGiven ? FOREVER : pause.paidUntil
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b)

/** @param until as `accessUntil` returns it. */
export const hasAccess = (until: Date | null, at: Date): boolean => until !== null && at < until

/**
 * Whether this write ends access because an invoice is not paid: the grace period has ended, or Stripe stopped collecting. Every
 * other end of access has a timeline entry of its own.
 */
export const endsForLackOfPayment = (
  before: Subscription,
  after: Subscription,
  at: Date,
): boolean =>
  (after.status === 'past_due' || after.status === 'unpaid') &&
  hasAccess(before.accessUntil, before.updatedAt) &&
  !hasAccess(after.accessUntil, at)
