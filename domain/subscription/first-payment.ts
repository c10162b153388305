import type { SessionSnapshot, SubscriptionSnapshot } from '../stripe/snapshot.ts'
import type { Subscription } from './subscription.ts'

type Present = Extract<SubscriptionSnapshot, { kind: 'present' }>

/** The states of a first invoice that nobody has paid. */
const UNPAID: ReadonlySet<string> = new Set(['open', 'void', 'uncollectible'])

/**
 * The state of a first payment by a method that takes days. Stripe already calls such a subscription active, but nothing
 * is given before it is paid.
 *
 * @returns `processing` while the bank has not answered, `failed` after its refusal; null for all other payments, and for
 *   a subscription that has begun.
 * @see https://docs.stripe.com/payments/checkout/fulfill-orders#delayed-notification
 */
export function firstPaymentOf(
  before: Subscription,
  { session, subscription }: { session: SessionSnapshot | null; subscription: Present },
): 'processing' | 'failed' | null {
  const hasBegun = before.status !== 'incomplete' && before.stripeSubscriptionId !== null
  if (hasBegun || !isFirstUnpaid(subscription)) return null
  if (subscription.isProcessing) return 'processing'
  const wasProcessed = before.paymentProcessing === 'first' || isOwnPurchase(before, session)
  return wasProcessed ? 'failed' : null
}

/** Whether the latest invoice at Stripe is the first one, and nobody has paid it. */
export const isFirstUnpaid = ({ latestInvoice: invoice }: Present): boolean =>
  invoice?.reason === 'subscription_create' && UNPAID.has(invoice.status)

/** Whether the customer has submitted our page. With a card, Stripe completes it only once it is paid. */
const isOwnPurchase = ({ checkout }: Subscription, session: SessionSnapshot | null): boolean =>
  session?.status === 'complete' && checkout?.sessionId === session.id

/** The subscription while the bank processes its first payment: as it was before the purchase. */
export function awaitingBank(
  before: Subscription,
  { session, subscription }: { session: SessionSnapshot | null; subscription: Present },
): Subscription {
  const processing = { paymentProcessing: 'first', drift: null } as const
  if (isOwnPurchase(before, session)) return { ...before, ...processing }
  // An import has no page, and is found again by its id at Stripe. A free plan stays a free plan.
  return before.status === 'incomplete'
    ? { ...before, ...processing, checkout: null, stripeSubscriptionId: subscription.id }
    : before
}

/** Whether this write ends a purchase because the bank refused its payment. */
export const isFirstPaymentRefused = (before: Subscription, after: Subscription): boolean =>
  after.paymentProcessing === null &&
  (after.status === 'incomplete_expired'
    ? before.checkout !== null && after.stripeSubscriptionId !== null
    : before.paymentProcessing === 'first' && isUnchanged(before, after))

/** A free plan continues as it was. */
const isUnchanged = (before: Subscription, after: Subscription): boolean =>
  after.stripeSubscriptionId === null &&
  before.status === after.status &&
  after.status !== 'incomplete'
