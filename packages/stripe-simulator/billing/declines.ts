import { Refusal } from '../http/refusal.ts'
import type { Declined } from '../objects/payment.ts'

/** Codes that appear as `code`, not as a `decline_code` of `card_declined`. */
const OWN_CODES: Readonly<Record<string, string>> = {
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  missing_payment_method: 'This customer has no attached payment source or default payment method.',
}

/** The error of a decline code, with Stripe's words; an unknown code is a generic `card_declined`. */
export function declineOf(declineCode: string): Declined {
  const own = OWN_CODES[declineCode]
  if (own !== undefined) return { code: declineCode, declineCode, message: own }
  const message =
    declineCode === 'insufficient_funds'
      ? 'Your card has insufficient funds.'
      : 'Your card was declined.'
  return { code: 'card_declined', declineCode, message }
}

/** The 402 response for a decline. */
export function cardRefusal(declined: Declined, more: object = {}): Refusal {
  return new Refusal({
    status: 402,
    type: 'card_error',
    code: declined.code,
    message: declined.message,
    more: { decline_code: declined.declineCode, ...more },
  })
}
