import { findAtStripe } from '../sdk/errors.ts'
import { METADATA_IMPORTED, METADATA_SUBSCRIPTION, METADATA_USER } from '../sdk/metadata.ts'
import { idOf } from '../reading/ids.ts'
import { keyed, type StripeContext } from './context.ts'

/** Our id and user for a subscription at Stripe, to be written to its metadata. */
export type SubscriptionLink = {
  readonly subscriptionId: string
  readonly userId: string
  readonly stripeId: string
  /** True when the subscription was not bought through our checkout. */
  readonly isImport: boolean
  /** The repair that writes the link again, after someone removed it. With the first key Stripe would write nothing. */
  readonly repairId?: string
}

/**
 * Writes the id of our subscription into the metadata of one at Stripe. Other metadata stays. Running it twice changes nothing
 * more. @see https://docs.stripe.com/metadata
 */
export async function linkSubscription(
  context: StripeContext,
  { subscriptionId, userId, stripeId, isImport, repairId }: SubscriptionLink,
): Promise<void> {
  const { stripe } = context
  const current = await stripe.subscriptions.retrieve(stripeId)
  if (current.metadata[METADATA_SUBSCRIPTION] === subscriptionId) return
  await stripe.subscriptions.update(
    stripeId,
    {
      metadata: {
        [METADATA_SUBSCRIPTION]: subscriptionId,
        [METADATA_USER]: userId,
        ...(isImport && { [METADATA_IMPORTED]: 'true' }),
      },
    },
    keyed(context, {
      subject: stripeId,
      command: ['claim-for', subscriptionId, repairId].filter(Boolean).join('-'),
      generation: 1,
    }),
  )
}

/** A first invoice has far fewer payments than this. */
const PAYMENTS_MAX = 10
const INVOICES_MAX = 10

/**
 * Cancels a subscription that was bought by mistake and refunds its payments. Running it twice finds it canceled and refunds
 * nothing more.
 *
 * @returns the refunds, in words
 * @see https://docs.stripe.com/refunds
 */
export async function cancelAndRefund(context: StripeContext, stripeId: string): Promise<string> {
  const { stripe } = context
  await findAtStripe(() => stripe.subscriptions.cancel(stripeId))
  const { data: invoices } = await stripe.invoices.list({
    subscription: stripeId,
    limit: INVOICES_MAX,
  })
  const refunds: string[] = []
  for (const { id: invoice, status } of invoices) {
    if (status === 'open')
      await stripe.invoices.voidInvoice(
        invoice,
        {},
        keyed(context, { subject: invoice, command: 'void-extra', generation: 1 }),
      )
    const payments = await stripe.invoicePayments.list({
      invoice,
      status: 'paid',
      limit: PAYMENTS_MAX,
    })
    for (const { payment } of payments.data) {
      const intent = idOf(payment.payment_intent)
      if (intent !== null) refunds.push(await refundOnce(context, intent))
    }
  }
  return refunds.length === 0 ? 'nothing had been paid' : refunds.join(', ')
}

/** Lists refunds before it creates one, because Stripe forgets an idempotency key after a day. */
async function refundOnce(context: StripeContext, payment_intent: string): Promise<string> {
  const { stripe } = context
  const { data: earlier } = await stripe.refunds.list({ payment_intent, limit: 1 })
  const refund =
    earlier[0] ??
    (await stripe.refunds.create(
      { payment_intent, reason: 'duplicate' },
      keyed(context, { subject: payment_intent, command: 'refund-extra', generation: 1 }),
    ))
  return `${refund.id} refunds ${refund.amount} ${refund.currency}`
}
