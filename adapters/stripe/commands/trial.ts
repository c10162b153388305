import { toStripeTime } from '../sdk/time.ts'
import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

export type TrialChange = SubscriptionTarget & { readonly endsAt: Date | 'now' }

/**
 * Changes the end of a trial. Ending it now charges the customer; the trial continues until that payment succeeds. Running it
 * twice changes nothing more.
 *
 * @see https://docs.stripe.com/billing/subscriptions/trials
 * @see https://docs.stripe.com/billing/subscriptions/pending-updates
 */
export async function changeTrial(context: StripeContext, order: TrialChange): Promise<void> {
  const { stripe } = context
  const { endsAt, subscriptionId: subject, stripeSubscriptionId, generation } = order
  const current = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  if (current.status !== 'trialing') return
  const trialEnd = endsAt === 'now' ? endsAt : toStripeTime(endsAt)
  await stripe.subscriptions.update(
    stripeSubscriptionId,
    {
      trial_end: trialEnd,
      proration_behavior: 'none',
      ...(endsAt === 'now' && { payment_behavior: 'pending_if_incomplete' }),
    },
    keyed(context, { subject, command: `trial-until-${trialEnd}`, generation }),
  )
}
