import { METADATA_PAID_UNTIL } from '../sdk/metadata.ts'
import { toStripeTime } from '../sdk/time.ts'
import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

/** A paused subscription to resume. */
export type ResumptionOrder = SubscriptionTarget & {
  /** The end of the paid time that continues; null begins a new period, which is charged. */
  readonly paidUntil: Date | null
}

/**
 * Pauses a subscription: Stripe makes no invoices and credits nothing, because the rest of the paid period continues at the
 * resumption. Running it twice changes nothing more.
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
      bill_for: { unused_time_from: { type: 'none' }, outstanding_usage_through: { type: 'now' } },
      invoicing_behavior: 'pending_invoice_item',
    },
    keyed(context, { subject, command: 'pause', generation }),
  )
}

/** The invoices of one period that are still a draft or open: a few at most. */
const INVOICES_MAX = 10

/** Whether a renewal is a draft or open: its period must not continue after a pause without payment. */
export async function owesPeriod(
  { stripe }: StripeContext,
  subscription: string,
): Promise<boolean> {
  const lists = await Promise.all(
    (['draft', 'open'] as const).map((status) =>
      stripe.invoices.list({ subscription, status, limit: INVOICES_MAX }),
    ),
  )
  return lists.some(({ data }) =>
    data.some(
      ({ amount_due: due, billing_reason: reason }) => due > 0 && reason === 'subscription_cycle',
    ),
  )
}

/**
 * Resumes a subscription. Without `paidUntil` a new period starts now, once its invoice is paid; Stripe voids that invoice
 * after 23 hours. Running it twice changes nothing more.
 *
 * @see https://docs.stripe.com/billing/subscriptions/pause
 */
export async function resume(context: StripeContext, order: ResumptionOrder): Promise<void> {
  const { stripe } = context
  const { subscriptionId: subject, stripeSubscriptionId, generation, paidUntil } = order
  if (paidUntil !== null) return continuePaid(context, order, paidUntil)
  const current = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  if (current.status !== 'paused') return
  await stripe.subscriptions.resume(
    stripeSubscriptionId,
    { billing_cycle_anchor: { type: 'now' }, payment_behavior: 'resume_on_payment_success' },
    keyed(context, { subject, command: 'resume', generation }),
  )
}

/**
 * Continues the paid time. Stripe moves the end of a period only by a trial, which charges nothing until then. The metadata
 * says that this trial is paid time.
 *
 * @see https://docs.stripe.com/billing/subscriptions/billing-cycle#using-a-trial-to-change-the-billing-cycle
 */
async function continuePaid(
  context: StripeContext,
  { subscriptionId: subject, stripeSubscriptionId, generation }: SubscriptionTarget,
  paidUntil: Date,
): Promise<void> {
  const { stripe } = context
  const until = toStripeTime(paidUntil)
  const current = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  if (current.status === 'paused')
    await stripe.subscriptions.resume(
      stripeSubscriptionId,
      { billing_cycle_anchor: { type: 'unchanged' }, proration_behavior: 'none' },
      keyed(context, { subject, command: 'continue', generation }),
    )
  else if (current.metadata[METADATA_PAID_UNTIL] === String(until)) return
  await stripe.subscriptions.update(
    stripeSubscriptionId,
    {
      trial_end: until,
      proration_behavior: 'none',
      metadata: { [METADATA_PAID_UNTIL]: String(until) },
      // The end of paid time is a renewal, with or without a card.
      trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
    },
    keyed(context, { subject, command: `paid-until-${until}`, generation }),
  )
}
