import type Stripe from 'stripe'
import type { Drift } from '../../domain/stripe/drift.ts'
import type { Customer } from '../../domain/customer/repository.ts'
import { afterOf, listed, PAGE_MAX } from '../../adapters/stripe/sdk/listing.ts'
import { METADATA_USER } from '../../adapters/stripe/sdk/metadata.ts'
import type { ReadPage } from './reconciliation.ts'

/** Each customer at Stripe who names a user here is the one that this user buys with. */
export const compareCustomers: ReadPage = async (parts, { after }) => {
  const page = await parts.stripe.customers.list({ limit: PAGE_MAX, ...listed(after) })
  const drifts: Drift[] = []
  for (const held of page.data) {
    const userId = held.metadata[METADATA_USER]
    const here = userId === undefined ? undefined : await parts.repositories.customers.find(userId)
    const drift = here && compareCustomer(here, held)
    if (drift) drifts.push(drift)
  }
  return { drifts, listed: page.data.length, after: afterOf(page) }
}

function compareCustomer(here: Customer, held: Stripe.Customer): Drift | undefined {
  if (here.stripeCustomerId === held.id) return undefined
  const about = { subscriptionId: null, stripeId: held.id }
  if (here.stripeCustomerId === null)
    return {
      ...about,
      kind: 'customer_differs',
      detail: `it is the customer of ${here.userId}, who has none here`,
    }
  return {
    ...about,
    kind: 'second_customer',
    detail: `it names ${here.userId}, who buys with ${here.stripeCustomerId}`,
  }
}
