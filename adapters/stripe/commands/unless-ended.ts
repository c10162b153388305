import { classifyStripeError, findAtStripe } from '../sdk/errors.ts'
import type { StripeContext, SubscriptionTarget } from './context.ts'

/**
 * Runs a command for a subscription. If Stripe refuses it because the subscription has ended there, nothing is left to do: the
 * snapshot that is read after each command shows the end. Without this, a step would repeat a request that can never succeed.
 * Stripe has no code for such a refusal, so the subscription itself is read.
 *
 * @throws the error of the command, when the subscription has not ended
 */
export async function unlessEnded(
  context: StripeContext,
  { stripeSubscriptionId }: SubscriptionTarget,
  command: () => Promise<void>,
): Promise<void> {
  try {
    await command()
  } catch (error) {
    const kind = classifyStripeError(error)?.kind
    const isFinal = kind === 'rejected' || kind === 'missing'
    if (!isFinal || !(await hasEnded(context, stripeSubscriptionId))) throw error
  }
}

async function hasEnded({ stripe }: StripeContext, id: string): Promise<boolean> {
  const found = await findAtStripe(() => stripe.subscriptions.retrieve(id))
  return found === undefined || found.status === 'canceled' || found.status === 'incomplete_expired'
}
