import { ApplicationFailure } from '@temporalio/activity'
import { planAmong } from '../adapters/stripe/reading/plan-item.ts'
import { subscriptionId, userId } from '../domain/ids.ts'
import { UNKNOWN_HERE } from '../domain/stripe/event.ts'
import { newSubscription } from '../domain/subscription/subscription.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import { applySnapshot, load, type SnapshotParts } from './apply-snapshot.ts'
import { addMeteredItems } from './metered-items.ts'
import { askStripe } from './stripe-failure.ts'

/** Four events an invoice, for some years of monthly invoices; older events have lost their payloads anyway. */
const PARKED_EVENTS_MAX = 100

/** A subscription that was made at Stripe, with the id and the user that it gets here. `at` is ISO 8601. */
export type ImportRequest = {
  readonly subscriptionId: string
  readonly userId: string
  readonly stripeSubscriptionId: string
  readonly at: string
  readonly eventIds: readonly string[]
}

/**
 * Imports a subscription that was made at Stripe: its row, its quota windows and one timeline entry. Then its id is written
 * to Stripe's metadata, metered items are added, and parked events of its invoices are processed again. No letter is sent.
 * Running it twice finds the row and continues from there.
 */
export async function adopt(
  parts: SnapshotParts,
  request: ImportRequest,
): Promise<SubscriptionView> {
  const { repositories, stripe } = parts
  const id = subscriptionId(request.subscriptionId)
  const { stripeSubscriptionId, eventIds } = request
  const at = new Date(request.at)
  if ((await repositories.subscriptions.find(id)) === undefined) await begin(parts, request, at)
  // Before the quota windows open, so that Stripe charges all usage that is counted.
  await addMeteredItems(parts, id, at)
  const before = await load(parts, id)
  const view = await applySnapshot(parts, before, {
    at,
    actor: 'stripe',
    cause: `import ${eventIds.join(' ')}`,
    eventIds,
    ...(before.observedSeq === 0 && { isImport: true }),
  })
  await askStripe(() =>
    stripe.linkSubscription({
      subscriptionId: id,
      userId: before.userId,
      stripeId: stripeSubscriptionId,
    }),
  )
  const invoiceEvents = { reason: UNKNOWN_HERE, stripeSubscriptionId }
  await repositories.stripeInbox.redrive(invoiceEvents, at, PARKED_EVENTS_MAX)
  return view
}

async function begin(
  { repositories, stripe }: SnapshotParts,
  request: ImportRequest,
  at: Date,
): Promise<void> {
  const { customers, plans, subscriptions } = repositories
  const { stripeSubscriptionId: stripeId } = request
  const held = await askStripe(() => stripe.readOwner(stripeId))
  const plan = held && (await planAmong(plans, held.priceIds))?.plan
  if (held === undefined || plan === undefined)
    throw ApplicationFailure.nonRetryable(`${stripeId} cannot be imported any more`, 'not_imported')
  await customers.upsert(
    { userId: request.userId, ...(held.email !== null && { email: held.email }) },
    at,
  )
  // A user who already has another customer at Stripe keeps that one for later purchases.
  await customers.recordStripeCustomer(request.userId, held.customerId)
  const outcome = await subscriptions.create({
    ...newSubscription({
      id: subscriptionId(request.subscriptionId),
      userId: userId(request.userId),
      productLine: plan.productLine,
      planVersionId: plan.id,
      at,
    }),
    stripeSubscriptionId: stripeId,
  })
  if (outcome.kind === 'taken')
    throw ApplicationFailure.nonRetryable(
      `its user has the subscription ${outcome.by}`,
      'not_imported',
    )
}
