import type { TestCard } from '../billing/cards.ts'
import { declineOf } from '../billing/declines.ts'
import { newCharge, newPaymentIntent } from '../objects/payment.ts'
import type { CheckoutSession, Customer, PaymentIntent, PaymentMethod } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

type Payment = {
  readonly metadata: Record<string, string>
  readonly customer: Customer
  readonly method: PaymentMethod
}

/**
 * Charges a page of the mode `payment`. The charge copies the metadata of its payment, as at Stripe.
 * @see https://docs.stripe.com/metadata#copying-metadata-to-another-object
 */
export function payOnce(
  step: Step,
  session: CheckoutSession,
  { metadata, customer, method }: Payment,
): PaymentIntent {
  const due = {
    amount_remaining: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: customer.id,
  }
  const intent = {
    ...newPaymentIntent(due, step.now),
    description: null,
    metadata,
    setup_future_usage: null,
  }
  emit(step, 'payment_intent.created', step.put('paymentIntents', intent))
  const charge = step.put('charges', {
    ...newCharge(intent, method, { created: step.now, declined: null }),
    metadata,
  })
  const paid = step.put('paymentIntents', {
    ...intent,
    amount_received: intent.amount,
    latest_charge: charge.id,
    payment_method: method.id,
    status: 'succeeded',
  })
  emit(step, 'charge.succeeded', charge)
  emit(step, 'payment_intent.succeeded', paid)
  return paid
}

/** Why a card cannot pay at once. Payments that take days are not modelled without an invoice. */
export function refusalOfOneTime(card: TestCard | null): { message: string; code: string } | null {
  if (card === null || card.behaviour === 'succeeds' || card.behaviour === 'authenticates')
    return null
  const { message, declineCode } = declineOf(card.declineCode)
  return { message, code: declineCode }
}
