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
    await cancelNow(context, stripeSubscriptionId)
    return
  }
  const command = at === null ? 'withdraw-cancellation' : `cancel-at-${nameOf(at)}`
  await stripe.subscriptions.update(
    stripeSubscriptionId,
    parametersFor(at),
    keyed(context, { subject, command, generation }),
  )
}

/**
 * Ends a subscription now. If it has metered items, their usage since the period began is invoiced; otherwise Stripe would never
 * charge it. Unused time is not credited: its quota may be used up.
 *
 * @see https://docs.stripe.com/api/subscriptions/cancel#cancel_subscription-invoice_now
 */
async function cancelNow({ stripe }: StripeContext, id: string): Promise<void> {
  const current = await findAtStripe(() => stripe.subscriptions.retrieve(id))
  const isMetered = current?.items.data.some(
    ({ price }) => price.recurring?.usage_type === 'metered',
  )
  await findAtStripe(() =>
    stripe.subscriptions.cancel(id, isMetered === true ? { invoice_now: true } : {}),
  )
}

/** A subscription that never began has one invoice, or two if a period has passed meanwhile. */
const UNPAID_MAX = 10

/**
 * Ends a subscription whose first payment failed. Its invoice is voided first, so that nobody can pay it afterwards. Running
 * it twice changes nothing more.
 */
export async function endUnpaid(context: StripeContext, target: SubscriptionTarget): Promise<void> {
  const { stripe } = context
  const { subscriptionId: subject, stripeSubscriptionId, generation } = target
  const { data } = await stripe.invoices.list({
    subscription: stripeSubscriptionId,
    status: 'open',
    limit: UNPAID_MAX,
  })
  for (const { id } of data)
    await stripe.invoices.voidInvoice(
      id,
      {},
      keyed(context, { subject, command: `void-${id}`, generation }),
    )
  await findAtStripe(() => stripe.subscriptions.cancel(stripeSubscriptionId))
}

const nameOf = (at: 'period_end' | Date): string =>
  at === 'period_end' ? at : String(toStripeTime(at))

/** Stripe keeps either a date or the flag: setting one clears the other. */
function parametersFor(at: 'period_end' | Date | null): Stripe.SubscriptionUpdateParams {
  if (at === null) return { cancel_at: '' }
  return at === 'period_end' ? { cancel_at_period_end: true } : { cancel_at: toStripeTime(at) }
}
