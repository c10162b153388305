import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

/**
 * Pauses a subscription: Stripe makes no invoices, and credits the rest of the paid period to the next invoice. Running it
 * twice changes nothing more.
 *
 * @see https://docs.stripe.com/billing/subscriptions/pause
 */
export async function pause(context: StripeContext, target: SubscriptionTarget): Promise<void> {
  const { stripe } = context
  const { subscriptionId: subject, stripeSubscriptionId, generation } = target
  const current = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  if (current.status === 'paused') return
  await stripe.subscriptions.pause(
    stripeSubscriptionId,
    {
      type: 'subscription',
      bill_for: { unused_time_from: { type: 'now' }, outstanding_usage_through: { type: 'now' } },
      invoicing_behavior: 'pending_invoice_item',
    },
    keyed(context, { subject, command: 'pause', generation }),
  )
}

/**
 * Resumes a subscription. A new period starts now, once its invoice is paid. Stripe voids that invoice after 23 hours. Running
 * it twice changes nothing more.
 *
 * @see https://docs.stripe.com/billing/subscriptions/pause
 */
export async function resume(context: StripeContext, target: SubscriptionTarget): Promise<void> {
  const { stripe } = context
  const { subscriptionId: subject, stripeSubscriptionId, generation } = target
  const current = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  if (current.status !== 'paused') return
  await stripe.subscriptions.resume(
    stripeSubscriptionId,
    { billing_cycle_anchor: { type: 'now' }, payment_behavior: 'resume_on_payment_success' },
    keyed(context, { subject, command: 'resume', generation }),
  )
}
