import type Stripe from 'stripe'
import { stripeKey } from '../../../domain/keys.ts'
import { classifyStripeError } from '../sdk/errors.ts'
import { METADATA_IMPORTED, METADATA_SUBSCRIPTION, METADATA_USER } from '../sdk/metadata.ts'
import { idOf } from '../reading/snapshot.ts'

type Context = { readonly stripe: Stripe; readonly environment: string }

/**
 * Writes on a subscription at Stripe which of ours it is. Foreign keys stay untouched. Running it twice finds it written.
 */
export async function claimSubscription(
  { stripe, environment }: Context,
  given: {
    readonly subscriptionId: string
    readonly userId: string
    readonly stripeId: string
    /** It was not sold here. */
    readonly isImport: boolean
    /** Who writes it again, after somebody took it away: the first time's key would answer as the first time. */
    readonly again?: string
  },
): Promise<void> {
  const { subscriptionId, userId, stripeId, isImport, again } = given
  const held = await stripe.subscriptions.retrieve(stripeId)
  if (held.metadata[METADATA_SUBSCRIPTION] === subscriptionId) return
  await stripe.subscriptions.update(
    stripeId,
    {
      metadata: {
        [METADATA_SUBSCRIPTION]: subscriptionId,
        [METADATA_USER]: userId,
        ...(isImport && { [METADATA_IMPORTED]: 'true' }),
      },
    },
    {
      idempotencyKey: stripeKey({
        environment,
        subject: stripeId,
        command: ['claim-for', subscriptionId, again].filter(Boolean).join('-'),
        generation: 1,
      }),
    },
  )
}

/** More payments than this are not for a first bill. */
const PAYMENTS_MAX = 10

/**
 * Ends a subscription that was bought by mistake and gives back what was paid for it; answers what that was, in words.
 * Running it twice finds it ended, and each payment refunded already.
 */
export async function endExtra(context: Context, stripeId: string): Promise<string> {
  const { stripe, environment } = context
  try {
    await stripe.subscriptions.cancel(stripeId)
  } catch (error) {
    if (classifyStripeError(error)?.kind !== 'missing') throw error
  }
  const { data: invoices } = await stripe.invoices.list({ subscription: stripeId, limit: 10 })
  const refunded: string[] = []
  for (const { id: invoice, status } of invoices) {
    if (status === 'open') {
      await stripe.invoices.voidInvoice(
        invoice,
        {},
        {
          idempotencyKey: stripeKey({
            environment,
            subject: invoice,
            command: 'void-extra',
            generation: 1,
          }),
        },
      )
    }
    const payments = await stripe.invoicePayments.list({
      invoice,
      status: 'paid',
      limit: PAYMENTS_MAX,
    })
    for (const { payment } of payments.data) {
      const intent = idOf(payment.payment_intent)
      if (intent !== null) refunded.push(await refundOnce(context, intent))
    }
  }
  return refunded.length === 0 ? 'and nothing had been paid' : `and ${refunded.join(', ')}`
}

/** The list comes first: after a day Stripe may have forgotten the key. */
async function refundOnce(
  { stripe, environment }: Context,
  payment_intent: string,
): Promise<string> {
  const { data: earlier } = await stripe.refunds.list({ payment_intent, limit: 1 })
  const refund =
    earlier[0] ??
    (await stripe.refunds.create(
      { payment_intent, reason: 'duplicate' },
      {
        idempotencyKey: stripeKey({
          environment,
          subject: payment_intent,
          command: 'refund-extra',
          generation: 1,
        }),
      },
    ))
  return `${refund.id} gives back ${refund.amount} ${refund.currency}`
}
