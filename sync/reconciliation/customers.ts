import type Stripe from 'stripe'
import type { Drift } from '../../domain/stripe/drift.ts'
import type { Customer } from '../../domain/customer/repository.ts'
import { lastIdOf, PAGE_MAX, pageAfter } from '../../adapters/stripe/sdk/listing.ts'
import { METADATA_USER } from '../../adapters/stripe/sdk/metadata.ts'
import { compareMeters } from './meters.ts'
import type { ReadPage } from './page.ts'

/**
 * Checks that each customer at Stripe with one of our user ids is the customer on that user's row, and that Stripe's meters count
 * what was reported for the customer.
 */
export const compareCustomers: ReadPage = async (parts, { after }, at) => {
  const page = await parts.stripe.customers.list({ limit: PAGE_MAX, ...pageAfter(after) })
  const drifts: Drift[] = []
  for (const there of page.data) {
    const userId = there.metadata[METADATA_USER]
    const here = userId === undefined ? undefined : await parts.repositories.customers.find(userId)
    const drift = here && compareCustomer(here, there)
    if (drift) drifts.push(drift)
  }
  const ids = page.data.map(({ id }) => id)
  drifts.push(...(await compareMeters(parts, ids, at)))
  return { drifts, listed: page.data.length, after: lastIdOf(page) }
}

function compareCustomer(here: Customer, there: Stripe.Customer): Drift | undefined {
  if (here.stripeCustomerId === there.id) return undefined
  const about = { subscriptionId: null, stripeId: there.id }
  if (here.stripeCustomerId === null)
    return {
      ...about,
      kind: 'customer_differs',
      detail: `it belongs to the user ${here.userId}, who has no customer here`,
    }
  return {
    ...about,
    kind: 'second_customer',
    detail: `it belongs to the user ${here.userId}, who already has the customer ${here.stripeCustomerId}`,
  }
}
