import type Stripe from 'stripe'
import { z } from 'zod'
import { findAtStripe } from '../sdk/errors.ts'
import { chargedMethodOf, METHOD_EXPANDED } from './charged-method.ts'

/**
 * Stripe's fingerprint of the payment method that a subscription is charged to: the same for the same card, or the same bank
 * account, of any customer.
 * @returns null when there is none, or its kind has no fingerprint
 * @see https://docs.stripe.com/api/payment_methods/object#payment_method_object-card-fingerprint
 */
export async function readFingerprint(stripe: Stripe, id: string): Promise<string | null> {
  const found = await findAtStripe(() =>
    stripe.subscriptions.retrieve(id, { expand: [...METHOD_EXPANDED] }),
  )
  const method = found === undefined ? null : chargedMethodOf(found)
  return method === null ? null : fingerprintOf(method)
}

const fingerprinted = z.object({ fingerprint: z.string() })

/** Each kind of payment method has a field of its own name: `card`, `sepa_debit`, `us_bank_account`. */
function fingerprintOf(method: Stripe.PaymentMethod): string | null {
  const details: unknown = Object.entries(method).find(([name]) => name === method.type)?.[1]
  const { data } = fingerprinted.safeParse(details)
  return data === undefined ? null : `${method.type}:${data.fingerprint}`
}
