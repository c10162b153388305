import { FOREVER } from '../usage/quota-window.ts'
import type { Subscription } from './subscription.ts'

export type AccessPolicy = {
  /** Days for which features stay usable after a renewal was not paid. */
  readonly graceDays: number
}

const DAY_MS = 86_400_000

/**
 * The end of access: a policy, separate from status. A running subscription keeps access while its renewal is still on
 * its way from Stripe, so a late webhook locks no customer out.
 * @returns null for no access, `FOREVER` for access without a known end.
 */
export function accessUntil(subscription: Subscription, { graceDays }: AccessPolicy): Date | null {
  switch (subscription.status) {
    case 'trialing':
    case 'active':
      return subscription.cancelAt ?? FOREVER
    case 'past_due':
      return new Date(subscription.pastDueSince.getTime() + graceDays * DAY_MS)
    case 'canceled':
      return subscription.endedAt
    case 'incomplete':
    case 'incomplete_expired':
    case 'unpaid':
    case 'paused':
      return null
  }
}

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
