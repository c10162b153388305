import { subscriptionId } from '../domain/ids.ts'
import { observe } from '../domain/observation.ts'
import type { PlanVersion } from '../domain/plan.ts'
import type { StripeSnapshot } from '../domain/stripe-snapshot.ts'
import type { Subscription } from '../domain/subscription.ts'
import type { Actor } from '../domain/timeline.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createRecorder } from './recorder.ts'
import { askStripe } from './stripe-failure.ts'

export type Takeover = {
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
  readonly eventIds?: readonly string[]
  /** What we know beyond Stripe: what it cannot hold for us. */
  readonly assume?: Partial<Pick<Subscription, 'pendingChange' | 'resumesAt'>>
}

/** The only way in which Stripe's state comes in. */
export function createTakeover(dependencies: ActivityDependencies) {
  const { repositories, stripe, bookInvoice } = dependencies
  const { customers, plans, subscriptions } = repositories
  const { record } = createRecorder(dependencies)

  /** @throws when there is no such row: our data would be broken. */
  async function load(id: string): Promise<Subscription> {
    const found = await subscriptions.find(subscriptionId(id))
    if (found === undefined) throw new Error(`subscription ${id} has no row`)
    return found
  }

  /**
   * Reads Stripe, decides, and writes row, timeline and notices in one transaction. `before` was read before Stripe is,
   * so a write in between makes this one void. Running it twice reads again, and finds nothing left to tell.
   */
  async function takeOver(before: Subscription, given: Takeover): Promise<SubscriptionView> {
    const { at, actor, cause, eventIds = [] } = given
    const snapshot = await askStripe(() =>
      stripe.readSnapshot({
        sessionId: before.checkout?.sessionId ?? null,
        stripeSubscriptionId: before.stripeSubscriptionId,
      }),
    )
    const email = snapshot.session?.email ?? null
    if (email !== null && (await customers.find(before.userId))?.email === null)
      await customers.upsert({ userId: before.userId, email }, at)

    const assumed = { ...before, ...given.assume }
    const pending = assumed.pendingChange
    const after = observe(assumed, {
      snapshot,
      planOfPrice: await plansOf(snapshot),
      pendingPlan: pending && (await plans.getVersion(pending.planVersionId)),
      at,
    })
    const plan = await plans.getVersion(after.planVersionId)
    const view = await record({ before, after, plan, at, actor, cause, eventIds })
    // A bill has events of its own. Where money moved the status, or no event came at all, they may have been lost.
    const isDoubtful = before.status !== after.status || eventIds.length === 0
    const bill =
      snapshot.subscription?.kind === 'present' ? snapshot.subscription.latestInvoiceId : null
    if (isDoubtful && bill !== null) await bookInvoice(bill, at)
    return view
  }

  async function plansOf({ subscription }: StripeSnapshot): Promise<Map<string, PlanVersion>> {
    const found = new Map<string, PlanVersion>()
    if (subscription?.kind !== 'present') return found
    const { priceId, scheduled, awaitingPayment } = subscription
    for (const id of new Set([priceId, scheduled?.priceId, awaitingPayment?.priceId])) {
      const plan = id === undefined ? undefined : await plans.findByStripePrice(id)
      if (id !== undefined && plan !== undefined) found.set(id, plan)
    }
    return found
  }

  return { load, takeOver }
}
