import type Stripe from 'stripe'
import { expiryOf, type Card } from '../../../domain/customer/card.ts'

/** The fields of a subscription that `chargedMethodOf` needs expanded. */
export const METHOD_EXPANDED = [
  'default_payment_method',
  'customer.invoice_settings.default_payment_method',
] as const

/**
 * The payment method that Stripe charges for a subscription: its own, or else its customer's.
 *
 * @returns null when there is none, and for a source of Stripe's older API.
 * @see https://docs.stripe.com/api/subscriptions/object#subscription_object-default_payment_method
 */
export function chargedMethodOf({
  customer,
  default_payment_method: own,
  default_source: ownSource,
}: Stripe.Subscription): Stripe.PaymentMethod | null {
  const isKnown = ownSource === null && typeof customer !== 'string' && customer.deleted !== true
  const method = own ?? (isKnown ? customer.invoice_settings.default_payment_method : null)
  return method === null || typeof method === 'string' ? null : method
}

/**
 * The card that Stripe will charge for a subscription by itself.
 *
 * @returns null for another kind of payment method, and where the customer pays each invoice.
 * @see https://docs.stripe.com/api/payment_methods/object#payment_method_object-card
 */
export function chargedCardOf(subscription: Stripe.Subscription): Card | null {
  if (subscription.collection_method !== 'charge_automatically') return null
  const card = chargedMethodOf(subscription)?.card
  return card === undefined
    ? null
    : { last4: card.last4, expiresAt: expiryOf(card.exp_year, card.exp_month) }
}
