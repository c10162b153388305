import type Stripe from 'stripe'
import { idOf } from './ids.ts'
import { collectionOf } from './snapshot.ts'

/** An invoice has one payment, or a few after partial payments. */
const PAYMENTS_MAX = 10

/**
 * Whether a bank still processes the payment of the latest invoice. Costs a request for open invoices only: Stripe expands
 * at most four levels, and the payment is the fifth.
 *
 * @param subscription with its latest invoice expanded
 * @see https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export async function isPaymentProcessing(
  stripe: Pick<Stripe, 'invoicePayments'>,
  { latest_invoice: invoice }: Stripe.Subscription,
): Promise<boolean> {
  if (invoice === null || typeof invoice === 'string' || invoice.status !== 'open') return false
  const { data } = await stripe.invoicePayments.list({
    invoice: idOf(invoice) ?? '',
    limit: PAYMENTS_MAX,
    expand: ['data.payment.payment_intent'],
  })
  const intents = data
    .map(({ payment }) => payment.payment_intent)
    .filter((intent) => intent !== undefined)
    .filter((intent) => typeof intent !== 'string')
  return collectionOf(invoice, intents) === 'processing'
}
