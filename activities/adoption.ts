import { ApplicationFailure } from '@temporalio/activity'
import { subscriptionId, userId } from '../domain/ids.ts'
import { UNKNOWN_HERE } from '../domain/stripe/event.ts'
import { newSubscription } from '../domain/subscription/subscription.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { askStripe } from './stripe-failure.ts'
import { createSnapshotApplication } from './takeover.ts'

/** Four events a bill, for some years of monthly bills; the others are older than the payloads that Stripe keeps. */
const PARKED_BILLS_MAX = 100

export type AdoptRequest = {
  readonly subscriptionId: string
  readonly userId: string
  readonly stripeSubscriptionId: string
  readonly at: string
  readonly eventIds: readonly string[]
}

export function createImportActivities(dependencies: ActivityDependencies) {
  const { repositories, stripe } = dependencies
  const { customers, plans, stripeInbox, subscriptions } = repositories
  const { load, takeOver } = createSnapshotApplication(dependencies)

  return {
    /**
     * Begins a subscription that was made at Stripe: its row, its windows and one entry of its timeline; then its id is
     * written on it at Stripe, and what was parked of its bills is told once more. Nobody is written to. Running it twice finds the row, and goes on from there.
     */
    async adopt(request: AdoptRequest): Promise<SubscriptionView> {
      const id = subscriptionId(request.subscriptionId)
      const { stripeSubscriptionId, eventIds } = request
      const at = new Date(request.at)
      if ((await subscriptions.find(id)) === undefined) await begin(request, at)
      const before = await load(id)
      const given = {
        at,
        actor: 'stripe',
        cause: `import ${eventIds.join(' ')}`,
        eventIds,
      } as const
      const view = await takeOver(before, {
        ...given,
        ...(before.observedSeq === 0 && { isImport: true }),
      })
      await askStripe(() =>
        stripe.linkSubscription({
          subscriptionId: id,
          userId: before.userId,
          stripeId: stripeSubscriptionId,
        }),
      )
      const bills = { reason: UNKNOWN_HERE, stripeSubscriptionId }
      await stripeInbox.redrive(bills, at, PARKED_BILLS_MAX)
      return view
    },
  }

  async function begin(request: AdoptRequest, at: Date): Promise<void> {
    const { stripeSubscriptionId: stripeId } = request
    const held = await askStripe(() => stripe.readOwner(stripeId))
    const plan = held && (await plans.findByStripePrice(held.priceId))
    if (held === undefined || plan === undefined)
      throw ApplicationFailure.nonRetryable(
        `${stripeId} cannot be imported any more`,
        'not_imported',
      )
    await customers.upsert(
      { userId: request.userId, ...(held.email !== null && { email: held.email }) },
      at,
    )
    // A user who is known under another customer at Stripe keeps that one for what they buy next.
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
}
