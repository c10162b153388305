import type Stripe from 'stripe'
import type { CustomerRepository, EmailOwner } from '../../domain/customer/repository.ts'
import type {
  StoredStripeEvent,
  StripeEventRepository,
} from '../../domain/stripe/event-repository.ts'
import { SETTLED } from '../../domain/stripe/event.ts'
import { isEmailAddress } from '../../domain/text.ts'
import { findAtStripe } from '../../adapters/stripe/sdk/errors.ts'

/** The parts of `followEmail`. */
export type FollowEmailParts = {
  readonly stripe: Stripe
  readonly repositories: { readonly customers: Pick<CustomerRepository, 'followEmail'> }
  readonly stripeEvents: Pick<StripeEventRepository, 'park'>
  /** By default the application's address stays. */
  readonly emailOwner?: EmailOwner | undefined
}

/**
 * Handles the change of a customer at Stripe: its present e-mail address becomes the user's, where Stripe owns addresses. The
 * address is read, not taken from the event, so late and repeated events do no harm.
 */
export async function followEmail(
  { stripe, repositories, stripeEvents, emailOwner = 'application' }: FollowEmailParts,
  event: StoredStripeEvent,
): Promise<void> {
  const park = (reason: string) => stripeEvents.park(event, reason)
  if (emailOwner !== 'stripe') return park(SETTLED.emailStays)
  const id = event.objectIds.customerId
  if (id === null) return park('it names no customer')
  const customer = await findAtStripe(() => stripe.customers.retrieve(id))
  if (customer === undefined || customer.deleted === true) return park(SETTLED.customerGone)
  const { email } = customer
  // Letters go to this address, and a second one in it would get them too.
  if (email === null || !isEmailAddress(email)) return park('it has no single e-mail address')
  const isKnown = await repositories.customers.followEmail(id, email)
  return park(isKnown ? SETTLED.emailApplied : SETTLED.customerWithoutUser)
}
