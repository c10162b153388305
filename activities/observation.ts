import type { SubscriptionView } from '../workflows/contract.ts'
import { subscriptionId } from '../domain/ids.ts'
import { observe as decide } from '../domain/observation.ts'
import type { Actor } from '../domain/timeline.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createRecorder } from './recorder.ts'
import { askStripe } from './stripe-failure.ts'

export type ObserveRequest = {
  readonly subscriptionId: string
  readonly at: string
  /** Absent where the events are the cause, or somebody just asked. */
  readonly cause?: string
  readonly eventIds: readonly string[]
  /** Who brought about what is seen; Stripe, unless somebody asked us for it. */
  readonly actor?: Actor
}

export function createObservationActivities(dependencies: ActivityDependencies) {
  const { repositories, stripe, bookInvoice } = dependencies
  const { customers, plans, subscriptions } = repositories
  const { record } = createRecorder(dependencies)

  return {
    /**
     * The only way in which Stripe's state comes in: reads it, decides, and writes row, timeline and notices in one
     * transaction. The row is read before Stripe is, so a write in between makes this one void. Running it twice reads
     * again, and finds nothing left to tell.
     */
    async observe(request: ObserveRequest): Promise<SubscriptionView> {
      const { eventIds, actor = 'stripe' } = request
      const cause = request.cause ?? (eventIds.length > 0 ? eventIds.join(' ') : 'asked')
      const at = new Date(request.at)
      const before = await subscriptions.find(subscriptionId(request.subscriptionId))
      if (before === undefined) throw new Error(`subscription ${request.subscriptionId} has no row`)
      const snapshot = await askStripe(() =>
        stripe.readSnapshot({
          sessionId: before.checkout?.sessionId ?? null,
          stripeSubscriptionId: before.stripeSubscriptionId,
        }),
      )
      const email = snapshot.session?.email ?? null
      if (email !== null && (await customers.find(before.userId))?.email === null)
        await customers.upsert({ userId: before.userId, email }, at)

      const found = snapshot.subscription?.kind === 'present' ? snapshot.subscription : null
      const planOfPrice =
        found === null ? null : ((await plans.findByStripePrice(found.priceId)) ?? null)
      const after = decide(before, { snapshot, planOfPrice, at })
      const plan = await plans.getVersion(after.planVersionId)
      const view = await record({ before, after, plan, at, actor, cause, eventIds })
      // A bill has events of its own. Where money moved the status, or no event came at all, they may have been lost.
      const isDoubtful = before.status !== after.status || eventIds.length === 0
      if (isDoubtful && found !== null && found.latestInvoiceId !== null)
        await bookInvoice(found.latestInvoiceId, at)
      return view
    },
  }
}
