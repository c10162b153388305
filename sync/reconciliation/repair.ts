import type { Drift } from '../../domain/stripe/drift.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { causeOfReconciliation, type Scope } from '../../domain/stripe/reconciliation.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { linkSubscription } from '../../adapters/stripe/commands/import.ts'
import { METADATA_USER } from '../../adapters/stripe/sdk/metadata.ts'
import { importSubscription } from '../import.ts'
import { reportLostUsage } from './meters.ts'
import type { RepairParts } from './page.ts'

/**
 * Repairs one difference where it belongs: the workflow reads Stripe again, the invoice is mirrored again, a missing
 * subscription is imported. It never moves money. Running it twice only reads again.
 *
 * @param by the run or operator, which stands in the workflow's history
 * @returns `not_known` when the object of the difference no longer exists
 */
export async function repair(
  parts: RepairParts,
  drift: Drift,
  by: string,
  at: Date,
  scope: Scope = 'all',
): Promise<'done' | 'not_known'> {
  const { repositories } = parts
  const { kind, stripeId } = drift
  if (kind === 'bill_differs' && stripeId !== null) {
    await parts.mirrorInvoice(stripeId, at)
    return 'done'
  }
  if (kind === 'meter_too_low' && stripeId !== null) return reportLostUsage(parts, stripeId, at)
  if (kind === 'customer_differs' && stripeId !== null) return recordCustomer(parts, stripeId)
  if (drift.subscriptionId === null) {
    if (stripeId === null) return 'not_known'
    const cause = { eventIds: [causeOfReconciliation(by)] }
    await importSubscription(parts, stripeId, cause, at, { isRecovery: scope === 'recover' })
    return 'done'
  }
  const subscription = await repositories.subscriptions.find(subscriptionId(drift.subscriptionId))
  if (subscription === undefined) return 'not_known'
  if (kind === 'unnamed_at_stripe' && stripeId !== null)
    await linkSubscription(parts, {
      subscriptionId: subscription.id,
      userId: subscription.userId,
      stripeId,
      isImport: false,
      repairId: by,
    })
  else await signalToRead(parts, subscription, by)
  return 'done'
}

/** Sends the signal that an event would send, so the workflow reads Stripe. */
export async function signalToRead(
  { workflows }: Pick<RepairParts, 'workflows'>,
  { id, userId }: Subscription,
  by: string,
): Promise<void> {
  const fact = { kind: 'stripeChanged' as const, eventIds: [causeOfReconciliation(by)] }
  if ((await workflows.signal(id, fact)) === 'closed')
    await workflows.start({ subscriptionId: id, userId }, fact)
}

async function recordCustomer(
  { stripe, repositories }: RepairParts,
  stripeCustomerId: string,
): Promise<'done' | 'not_known'> {
  const customer = await stripe.customers.retrieve(stripeCustomerId)
  const userId = customer.deleted === true ? undefined : customer.metadata[METADATA_USER]
  if (userId === undefined) return 'not_known'
  await repositories.customers.recordStripeCustomer(userId, customer.id)
  return 'done'
}
