import type Stripe from 'stripe'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Drift } from '../../domain/stripe/drift.ts'
import { isPriceOf, phraseOfTerms } from '../../domain/stripe/price.ts'
import { decideImport, reasonOfOtherPrice } from '../../domain/subscription/import.ts'
import { observe } from '../../domain/subscription/observation.ts'
import { differenceBetween } from '../../domain/stripe/reconciliation.ts'
import {
  isLive,
  type CollectionPause,
  type Subscription,
} from '../../domain/subscription/subscription.ts'
import { importCandidateOf } from '../import.ts'
import {
  foreignItemsOf,
  isPlanClear,
  planPricesInSight,
  type KnownPrices,
} from '../../adapters/stripe/reading/plan-item.ts'
import { paidFor } from '../../adapters/stripe/reading/price-terms.ts'
import { plansOfSnapshot } from '../../adapters/stripe/reading/plans-of-snapshot.ts'
import { isPaymentProcessing } from '../../adapters/stripe/reading/processing.ts'
import { snapshotOfSubscription } from '../../adapters/stripe/reading/snapshot.ts'
import type { CompareParts } from './page.ts'
import { compareUsageItems } from './usage-items.ts'

/**
 * Compares a subscription at Stripe with our row.
 *
 * @param there with its customer, schedule, latest invoice and discounts expanded
 * @returns the difference; null without one, or while an event about it is still in the inbox
 */
export async function compareSubscription(
  parts: CompareParts,
  there: Stripe.Subscription,
  { isRecovery, at }: { readonly isRecovery: boolean; readonly at: Date },
): Promise<Drift | null> {
  const { stripeEvents } = parts.repositories
  const here = await findHere(parts, there)
  const drift =
    here === undefined
      ? await compareUnknown(parts, there, isRecovery)
      : await compareKnown(parts, here, there, at)
  if (drift !== null && (await stripeEvents.hasUnappliedEvent(there.id))) return null
  return drift
}

/** Our row of a subscription at Stripe, by Stripe's id alone. */
export const findHere = (
  { repositories: { subscriptions } }: Pick<CompareParts, 'repositories'>,
  { id }: Pick<Stripe.Subscription, 'id'>,
): Promise<Subscription | undefined> =>
  subscriptions.findByStripeIds({
    objectId: id,
    customerId: null,
    stripeSubscriptionId: id,
    sessionId: null,
    invoiceId: null,
    paymentIntentId: null,
    subscriptionId: null,
  })

async function compareKnown(
  { repositories, stripe }: CompareParts,
  here: Subscription,
  there: Stripe.Subscription,
  at: Date,
): Promise<Drift | null> {
  const about = { subscriptionId: here.id, stripeId: there.id }
  const { plans } = repositories
  const planPrices = await planPricesInSight(plans, there)
  const mayWait = here.status === 'incomplete' || here.paymentProcessing !== null
  const isProcessing = mayWait && (await isPaymentProcessing(stripe, there))
  const snapshot = snapshotOfSubscription(there, { planPrices, isProcessing })
  if (!isLive(here.status)) {
    const isLiveThere =
      snapshot.kind === 'present' && snapshot.status !== null && isLive(snapshot.status)
    if (!isLiveThere) return null
    const detail = `here it is ${here.status}, and at Stripe ${there.status}: Stripe may collect money`
    return { ...about, kind: 'over_here_live_there', detail }
  }
  const pending = here.pendingChange
  const after = observe(here, {
    snapshot: { session: null, subscription: snapshot },
    planOfPrice: await plansOfSnapshot(plans, { subscription: snapshot }),
    pendingPlan: pending && (await plans.getVersion(pending.planVersionId)),
    at,
  })
  const difference = differenceBetween(here, after)
  if (difference !== null) return { ...about, kind: 'differs', detail: difference }
  if (after.drift !== null) return { ...about, kind: 'unknown_price', detail: after.drift }
  if (snapshot.kind === 'deleted') return null
  const plan = await plans.getVersion(after.planVersionId)
  if (!isPriceOf(plan, paidFor(there, snapshot.priceId)))
    return { ...about, kind: 'price_differs', detail: reasonOfOtherPrice(snapshot.priceId) }
  const ofUsage = await compareUsageItems(stripe, plan, there)
  if (ofUsage !== null) return { ...about, ...ofUsage }
  if (!isPlanClear(there.items.data, planPrices))
    return {
      ...about,
      kind: 'plan_unclear',
      detail: 'several of its items have the price of a plan',
    }
  if (after.collectionPause !== null)
    return { ...about, kind: 'collection_paused', detail: phraseOfPause(after.collectionPause) }
  if (there.automatic_tax.disabled_reason !== null)
    return { ...about, kind: 'tax_not_calculated', detail: phraseOfTax(there) }
  if (snapshot.belongsTo === here.id) return foreignItems(about, there, planPrices)
  const detail = `its metadata at Stripe does not say that it is ${here.id}`
  return { ...about, kind: 'unnamed_at_stripe', detail }
}

/** Items of the dashboard beside the plan: every change keeps them, and nobody here decides about them. */
function foreignItems(
  about: Pick<Drift, 'subscriptionId' | 'stripeId'>,
  { items }: Stripe.Subscription,
  planPrices: KnownPrices,
): Drift | null {
  const foreign = foreignItemsOf(items.data, planPrices)
  if (foreign.length === 0) return null
  const named = foreign.map(({ price, quantity = 1 }) => `${quantity} × ${price.id}`)
  return { ...about, kind: 'foreign_item', detail: `beside its plan it has ${named.join(', ')}` }
}

const phraseOfTax = ({ automatic_tax: tax }: Stripe.Subscription): string =>
  `Stripe turned its automatic tax off (${tax.disabled_reason}); its invoices have no tax`

const phraseOfPause = ({ behavior, paidUntil }: CollectionPause): string =>
  `its collection is paused at Stripe (${behavior}); it is paid until ${paidUntil.toISOString()}`

async function compareUnknown(
  parts: CompareParts,
  there: Stripe.Subscription,
  isRecovery: boolean,
): Promise<Drift | null> {
  const decision = decideImport(await importCandidateOf(parts, there), { isRecovery })
  const about = { subscriptionId: null, stripeId: there.id }
  switch (decision.kind) {
    case 'import':
      return {
        ...about,
        kind: 'missing_here',
        detail: `it is on ${phraseOfPlan(decision.plan)}, for the user ${decision.userId}`,
      }
    case 'restore':
      return {
        ...about,
        kind: 'missing_here',
        detail: `it was sold for ${decision.id}, whose row is lost, to the user ${decision.userId}`,
      }
    case 'join':
      return {
        ...about,
        kind: 'missing_here',
        detail: `it is the paid form of ${decision.live.id}`,
      }
    case 'refund':
      return {
        kind: 'second_subscription',
        subscriptionId: decision.live.id,
        stripeId: there.id,
        detail: `it was bought in addition to ${decision.live.stripeSubscriptionId}`,
      }
    case 'leave':
      return decision.drift === null
        ? null
        : { ...about, kind: decision.drift, detail: decision.reason }
  }
}

const phraseOfPlan = ({ slug, version, period, price }: PlanVersion): string =>
  `${slug}/${version}, ${phraseOfTerms({ period, priceMinor: price.amountMinor, currency: price.currency })}`
