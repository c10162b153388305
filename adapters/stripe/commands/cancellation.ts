import type Stripe from 'stripe'
import type { CancellationTime } from '../../../domain/subscription/commands.ts'
import { findAtStripe } from '../sdk/errors.ts'
import { toStripeTime } from '../sdk/time.ts'
import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

/** `at`: when the subscription ends; null withdraws a scheduled cancellation. */
export type CancellationOrder = SubscriptionTarget & { readonly at: CancellationTime | null }

/**
 * Cancels a subscription now or later, or withdraws a scheduled cancellation. Running it twice changes nothing more.
 *
 * Canceling now is a DELETE, for which Stripe accepts no idempotency key. A missing subscription therefore means success.
 *
 * @see https://docs.stripe.com/billing/subscriptions/cancel
 */
export async function changeCancellation(
  context: StripeContext,
  { subscriptionId: subject, stripeSubscriptionId, at, generation }: CancellationOrder,
): Promise<void> {
  const { stripe } = context
  if (at === 'now') {
    await findAtStripe(() => stripe.subscriptions.cancel(stripeSubscriptionId))
    return
  }
  const command = at === null ? 'withdraw-cancellation' : `cancel-at-${nameOf(at)}`
  await stripe.subscriptions.update(
    stripeSubscriptionId,
    parametersFor(at),
    keyed(context, { subject, command, generation }),
  )
}

const nameOf = (at: 'period_end' | Date): string =>
  at === 'period_end' ? at : String(toStripeTime(at))

/** Stripe keeps either a date or the flag: setting one clears the other. */
function parametersFor(at: 'period_end' | Date | null): Stripe.SubscriptionUpdateParams {
  if (at === null) return { cancel_at: '' }
  return at === 'period_end' ? { cancel_at_period_end: true } : { cancel_at: toStripeTime(at) }
}
