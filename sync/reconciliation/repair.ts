import type Stripe from 'stripe'
import type { Drift } from '../../domain/stripe/drift.ts'
import { subscriptionId } from '../../domain/ids.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { METADATA_USER } from '../../adapters/stripe/sdk/metadata.ts'
import { importSubscription, type Importing } from '../import.ts'
import { claimSubscription } from '../../adapters/stripe/commands/import.ts'

export type Repairing = Importing & {
  readonly mirrorInvoice: (invoiceId: string, at: Date) => Promise<void>
}

/**
 * Mends what was found, in its own place: the workflow reads Stripe again, the bill is booked again, what is missing here
 * begins. `by` names the occasion. No money moves. Running it twice costs a reading.
 */
export async function repair(
  parts: Repairing,
  drift: Drift,
  by: string,
  at: Date,
): Promise<'done' | 'not_known'> {
  const { repositories } = parts
  const { kind, stripeId } = drift
  if (kind === 'bill_differs' && stripeId !== null) {
    await parts.mirrorInvoice(stripeId, at)
    return 'done'
  }
  if (kind === 'customer_differs' && stripeId !== null)
    return takeOverCustomer(parts, await parts.stripe.customers.retrieve(stripeId))
  if (drift.subscriptionId === null) {
    if (stripeId === null) return 'not_known'
    await importSubscription(parts, stripeId, { eventIds: [causeOf(by)] }, at)
    return 'done'
  }
  const subscription = await repositories.subscriptions.find(subscriptionId(drift.subscriptionId))
  if (subscription === undefined) return 'not_known'
  if (kind === 'unnamed_at_stripe' && stripeId !== null)
    await claimSubscription(parts, {
      subscriptionId: subscription.id,
      userId: subscription.userId,
      stripeId,
      isImport: false,
      again: by,
    })
  else await tellToRead(parts, subscription, by)
  return 'done'
}

/** As an event would; it stands in a history under the name of its occasion. */
async function tellToRead(
  { workflows }: Repairing,
  { id, userId }: Subscription,
  by: string,
): Promise<void> {
  const fact = { kind: 'stripeChanged' as const, eventIds: [causeOf(by)] }
  if ((await workflows.tell(id, fact)) === 'closed')
    await workflows.begin({ subscriptionId: id, userId }, fact)
}

async function takeOverCustomer(
  { repositories }: Repairing,
  held: Stripe.Customer | Stripe.DeletedCustomer,
): Promise<'done' | 'not_known'> {
  const userId = held.deleted === true ? undefined : held.metadata[METADATA_USER]
  if (userId === undefined) return 'not_known'
  await repositories.customers.recordStripeCustomer(userId, held.id)
  return 'done'
}

const causeOf = (by: string) => `reconciliation/${by}`
