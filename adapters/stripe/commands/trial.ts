import { findAtStripe, classifyStripeError } from '../sdk/errors.ts'
import { toStripeTime } from '../sdk/time.ts'
import { hasPaymentMethod } from './plan-change.ts'
import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

/** A new end of a trial; `now` ends it and charges the first period. */
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

/**
 * Ends a trial that its customer must not have: the first period is charged now, and without that payment the subscription
 * ends. Running it twice changes nothing more.
 *
 * @see https://docs.stripe.com/api/subscriptions/update#update_subscription-payment_behavior
 */
export async function refuseTrial(
  context: StripeContext,
  target: SubscriptionTarget,
): Promise<void> {
  const { stripe } = context
  const { subscriptionId: subject, stripeSubscriptionId: id, generation } = target
  const current = await stripe.subscriptions.retrieve(id)
  if (current.status !== 'trialing') return
  const isLeaving = current.cancel_at !== null || current.cancel_at_period_end
  // A customer who has canceled the trial already never agreed to a payment.
  if (!isLeaving && (await hasPaymentMethod(context, id)) && (await isCharged())) return
  await findAtStripe(() => stripe.subscriptions.cancel(id))

  async function isCharged(): Promise<boolean> {
    try {
      await stripe.subscriptions.update(
        id,
        { trial_end: 'now', proration_behavior: 'none', payment_behavior: 'error_if_incomplete' },
        keyed(context, { subject, command: 'refuse-trial', generation }),
      )
      return true
    } catch (error) {
      if (classifyStripeError(error)?.kind === 'declined') return false
      throw error
    }
  }
}
