import { plansOfSnapshot } from '../adapters/stripe/reading/plans-of-snapshot.ts'
import { subscriptionId } from '../domain/ids.ts'
import { observe } from '../domain/subscription/observation.ts'
import type { StripeSnapshot } from '../domain/stripe/snapshot.ts'
import { isLive, type Subscription } from '../domain/subscription/subscription.ts'
import type { Actor } from '../domain/subscription/timeline.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createRecorder } from './recorder.ts'
import { askStripe } from './stripe-failure.ts'

export type SnapshotApplication = {
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
  readonly eventIds?: readonly string[]
  /** A subscription at Stripe that is this one's if it says so. */
  readonly joins?: string
  /** It begins to be known here: nobody is told what they have known for long. */
  readonly isImport?: true
  /** What we know beyond Stripe: what it cannot hold for us. */
  readonly assume?: Partial<Pick<Subscription, 'pendingChange' | 'resumesAt'>>
}

/** The only way in which Stripe's state comes in. */
export function createSnapshotApplication(dependencies: ActivityDependencies) {
  const { repositories, stripe, mirrorInvoice } = dependencies
  const { customers, plans, stripeInbox, subscriptions } = repositories
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
  async function takeOver(
    before: Subscription,
    given: SnapshotApplication,
  ): Promise<SubscriptionView> {
    const { at, actor, cause, eventIds = [] } = given
    const snapshot = await askStripe(() => read(before, given.joins))
    const email = snapshot.session?.email ?? null
    if (email !== null && (await customers.find(before.userId))?.email === null)
      await customers.upsert({ userId: before.userId, email }, at)

    const assumed = { ...before, ...given.assume }
    const pending = assumed.pendingChange
    const after = observe(assumed, {
      snapshot,
      planOfPrice: await plansOfSnapshot(plans, snapshot),
      pendingPlan: pending && (await plans.getVersion(pending.planVersionId)),
      at,
    })
    const plan = await plans.getVersion(after.planVersionId)
    const view = await record({
      before,
      after,
      plan,
      at,
      actor,
      cause,
      eventIds,
      ...(given.isImport && { isImport: given.isImport }),
    })
    // A bill has events of its own. Where money moved the status, or no event came at all, they may have been lost.
    const isDoubtful = before.status !== after.status || eventIds.length === 0
    const bill =
      snapshot.subscription?.kind === 'present' ? snapshot.subscription.latestInvoiceId : null
    if (isDoubtful && bill !== null) await mirrorInvoice(bill, at)
    // Two pages were paid: what tells of the other purchase is looked at by itself, now that this one is known.
    const { stripeSubscriptionId: notOf } = after
    if (given.joins !== undefined && notOf !== null)
      await stripeInbox.redrive({ eventIds, notOf }, at, eventIds.length)
    return view
  }

  /** What was bought on another page than the one we know of counts too; the open page is closed first. */
  async function read(before: Subscription, joins: string | undefined): Promise<StripeSnapshot> {
    const sessionId = before.checkout?.sessionId ?? null
    const { stripeSubscriptionId } = before
    const own = await stripe.readSnapshot({ sessionId, stripeSubscriptionId })
    if (own.subscription !== null || joins === undefined) return own
    const other = await stripe.readSnapshot({ sessionId: null, stripeSubscriptionId: joins })
    const { subscription } = other
    const isOurs = subscription?.kind === 'present' && subscription.belongsTo === before.id
    const isRunning = isOurs && subscription.status !== null && isLive(subscription.status)
    if (!isRunning || subscription.status === 'incomplete') return own
    if (sessionId !== null && (await stripe.expireCheckout(sessionId)) === 'complete')
      return stripe.readSnapshot({ sessionId, stripeSubscriptionId })
    return { session: own.session, subscription }
  }

  return { load, takeOver }
}
