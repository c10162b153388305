import type Stripe from 'stripe'
import { stripeKey } from '../../../domain/keys.ts'
import { classifyStripeError } from '../sdk/errors.ts'
import type { CancellationOrder } from './gateway.ts'

type Context = { readonly stripe: Stripe; readonly environment: string }

/**
 * Ending now is a DELETE, which takes no key: one that finds the subscription over already has succeeded. Scheduling and
 * withdrawing are updates under a key that names what they ask for.
 */
export async function changeCancellation(
  { stripe, environment }: Context,
  { subscriptionId, stripeSubscriptionId, at, generation }: CancellationOrder,
): Promise<void> {
  if (at === 'now') return cancelNow(stripe, stripeSubscriptionId)
  const command = at === null ? 'withdraw-cancellation' : `cancel-at-${nameOf(at)}`
  await stripe.subscriptions.update(stripeSubscriptionId, parametersFor(at), {
    idempotencyKey: stripeKey({ environment, subject: subscriptionId, command, generation }),
  })
}

async function cancelNow(stripe: Stripe, id: string): Promise<void> {
  try {
    await stripe.subscriptions.cancel(id)
  } catch (error) {
    if (classifyStripeError(error)?.kind !== 'missing') throw error
  }
}

const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1_000)
const nameOf = (at: 'period_end' | Date): string =>
  at === 'period_end' ? at : String(secondsOf(at))

/** A date and the flag exclude each other at Stripe: setting one takes the other away. */
function parametersFor(at: 'period_end' | Date | null): Stripe.SubscriptionUpdateParams {
  if (at === null) return { cancel_at: '' }
  return at === 'period_end' ? { cancel_at_period_end: true } : { cancel_at: secondsOf(at) }
}
