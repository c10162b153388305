import { FOREVER } from '../usage/quota-window.ts'
import type { Subscription } from './subscription.ts'

export type AccessPolicy = {
  /** How long features stay usable after a renewal was not paid. */
  readonly graceDays: number
}

const DAY_MS = 86_400_000

/**
 * Until when features may be used: a policy apart from status. A running subscription keeps access while its renewal is
 * still on its way from Stripe, so a late webhook locks nobody out.
 */
export function accessUntil(
  subscription: Pick<Subscription, 'status' | 'cancelAt' | 'pastDueSince' | 'endedAt'>,
  policy: AccessPolicy,
): Date | null {
  switch (subscription.status) {
    case 'trialing':
    case 'active':
      return subscription.cancelAt ?? FOREVER
    case 'past_due':
      return subscription.pastDueSince === null
        ? null
        : new Date(subscription.pastDueSince.getTime() + policy.graceDays * DAY_MS)
    case 'canceled':
      return subscription.endedAt
    case 'incomplete':
    case 'incomplete_expired':
    case 'unpaid':
    case 'paused':
      return null
  }
}

export const hasAccess = (until: Date | null, at: Date): boolean => until !== null && at < until

/**
 * Whether access ended with this step because a bill is not paid: its grace is over, or Stripe gave up. What ends access
 * otherwise is told by its own change.
 */
export const endsForLackOfPayment = (
  before: Subscription,
  after: Subscription,
  at: Date,
): boolean =>
  (after.status === 'past_due' || after.status === 'unpaid') &&
  hasAccess(before.accessUntil, before.updatedAt) &&
  !hasAccess(after.accessUntil, at)
