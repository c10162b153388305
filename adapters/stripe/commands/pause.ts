import type Stripe from 'stripe'
import { stripeKey } from '../../../domain/keys.ts'
import type { PlanChangeTarget } from './gateway.ts'

type Context = { readonly stripe: Stripe; readonly environment: string }

/** No bills while it lasts; what is left of the paid period becomes a credit on the next bill. */
export async function pause(
  { stripe, environment }: Context,
  order: PlanChangeTarget,
): Promise<void> {
  const held = await stripe.subscriptions.retrieve(order.stripeSubscriptionId)
  if (held.status === 'paused') return
  const { subscriptionId: subject, generation } = order
  await stripe.subscriptions.pause(
    order.stripeSubscriptionId,
    {
      type: 'subscription',
      bill_for: { unused_time_from: { type: 'now' }, outstanding_usage_through: { type: 'now' } },
      invoicing_behavior: 'pending_invoice_item',
    },
    { idempotencyKey: stripeKey({ environment, subject, command: 'pause', generation }) },
  )
}

/** A new period begins now, once its bill is paid. Stripe voids that bill after 23 hours. */
export async function resume(
  { stripe, environment }: Context,
  order: PlanChangeTarget,
): Promise<void> {
  const held = await stripe.subscriptions.retrieve(order.stripeSubscriptionId)
  if (held.status !== 'paused') return
  const { subscriptionId: subject, generation } = order
  await stripe.subscriptions.resume(
    order.stripeSubscriptionId,
    { billing_cycle_anchor: { type: 'now' }, payment_behavior: 'resume_on_payment_success' },
    { idempotencyKey: stripeKey({ environment, subject, command: 'resume', generation }) },
  )
}
