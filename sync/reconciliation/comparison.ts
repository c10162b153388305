import type Stripe from 'stripe'
import type { Drift } from '../../domain/stripe/drift.ts'
import { decideImport } from '../../domain/subscription/import.ts'
import { observe } from '../../domain/subscription/observation.ts'
import { differenceBetween } from '../../domain/stripe/reconciliation.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { isLive, type Subscription } from '../../domain/subscription/subscription.ts'
import { importCandidateOf } from '../import.ts'
import { plansOfSnapshot } from '../../adapters/stripe/reading/plans-of-snapshot.ts'
import { snapshotOfSubscription } from '../../adapters/stripe/reading/snapshot.ts'

export type Comparing = {
  readonly repositories: Pick<
    Repositories,
    'customers' | 'plans' | 'subscriptions' | 'stripeEvents' | 'drift'
  >
}

/**
 * How a subscription at Stripe differs from what is here; null when it does not, or when its event is on its way. `held`
 * must have been read with its customer, its schedule and its latest bill.
 */
export async function compareSubscription(
  parts: Comparing,
  held: Stripe.Subscription,
  at: Date,
): Promise<Drift | null> {
  const { subscriptions, stripeEvents } = parts.repositories
  const here = await subscriptions.findByStripeIds({
    objectId: held.id,
    customerId: null,
    stripeSubscriptionId: held.id,
    sessionId: null,
    invoiceId: null,
    paymentIntentId: null,
    subscriptionId: null,
  })
  const drift =
    here === undefined ? await unknownHere(parts, held) : await compareKnown(parts, here, held, at)
  if (drift !== null && (await stripeEvents.isFactUnderWay(held.id))) return null
  return drift
}

async function compareKnown(
  { repositories }: Comparing,
  here: Subscription,
  held: Stripe.Subscription,
  at: Date,
): Promise<Drift | null> {
  const about = { subscriptionId: here.id, stripeId: held.id }
  const there = snapshotOfSubscription(held)
  if (!isLive(here.status)) {
    const isLiveThere = there.kind === 'present' && there.status !== null && isLive(there.status)
    if (!isLiveThere) return null
    const detail = `here it is ${here.status}, and at Stripe ${held.status}: money may be collected`
    return { ...about, kind: 'over_here_live_there', detail }
  }
  const pending = here.pendingChange
  const after = observe(here, {
    snapshot: { session: null, subscription: there },
    planOfPrice: await plansOfSnapshot(repositories.plans, { subscription: there }),
    pendingPlan: pending && (await repositories.plans.getVersion(pending.planVersionId)),
    at,
  })
  const difference = differenceBetween(here, after)
  if (difference !== null) return { ...about, kind: 'differs', detail: difference }
  if (after.drift !== null) return { ...about, kind: 'unknown_price', detail: after.drift }
  if (there.kind === 'present' && there.belongsTo === here.id) return null
  const detail = `its metadata at Stripe does not say that it is ${here.id}`
  return { ...about, kind: 'unnamed_at_stripe', detail }
}

async function unknownHere(parts: Comparing, held: Stripe.Subscription): Promise<Drift | null> {
  const decision = decideImport(await importCandidateOf(parts, held))
  const about = { subscriptionId: null, stripeId: held.id }
  switch (decision.kind) {
    case 'import':
      return {
        ...about,
        kind: 'missing_here',
        detail: `it is ${decision.plan.slug} of the user ${decision.userId}`,
      }
    case 'join':
      return {
        ...about,
        kind: 'missing_here',
        detail: `it is what ${decision.live.id} turns into`,
      }
    case 'refund':
      return {
        kind: 'second_subscription',
        subscriptionId: decision.live.id,
        stripeId: held.id,
        detail: `it was bought beside ${decision.live.stripeSubscriptionId}`,
      }
    case 'leave':
      return decision.drift === null
        ? null
        : { ...about, kind: decision.drift, detail: decision.reason }
  }
}
