import type { DriftKind } from '../stripe/drift.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { isLive, type Status, type Subscription } from './subscription.ts'

/** A subscription at Stripe that no row here stands for, as it was read there. */
export type ImportCandidate = {
  readonly stripeSubscriptionId: string
  readonly status: Status | null
  readonly rawStatus: string
  readonly customerId: string
  readonly priceId: string
  /** Whose it is, by our own table or by what is written on it at Stripe; null when neither tells. */
  readonly userId: string | null
  readonly plan: PlanVersion | undefined
  /** The subscription of ours that it names: it was sold on a page of ours. Null for one that was made elsewhere. */
  readonly soldFor: string | null
  /** Whether that subscription has a row here. */
  readonly isSellerKnown: boolean
  /** The user's live subscription of the same product line. */
  readonly live: Subscription | undefined
}

export type ImportDecision =
  /** It becomes a subscription of its own. */
  | { readonly kind: 'import'; readonly userId: string; readonly plan: PlanVersion }
  /** It is what a subscription that runs without Stripe, or waits to be paid, turns into. */
  | { readonly kind: 'join'; readonly live: Subscription }
  /** It was bought on a page of ours beside another one that runs: it ends, and the money goes back. */
  | { readonly kind: 'refund'; readonly live: Subscription }
  /** Nothing is to be done now; `drift` waits for a person. */
  | { readonly kind: 'leave'; readonly drift: DriftKind | null; readonly reason: string }

/** Where an operator says what a price stands for, what waits for it is found by these words. */
export const reasonOfUnknownPrice = (priceId: string): string =>
  `its price ${priceId} belongs to no plan here`

/** What becomes of a subscription that turns up at Stripe. Money moves only for what we sold twice ourselves. */
export function decideImport(candidate: ImportCandidate): ImportDecision {
  const { status, userId, plan, live, stripeSubscriptionId: id } = candidate
  if (status === null) return leave(null, `Stripe's status ${candidate.rawStatus} is unknown here`)
  if (!isLive(status)) return leave(null, 'it was over before it was known here')
  if (status === 'incomplete') return leave(null, 'its first payment is not made yet')
  if (candidate.soldFor !== null && !candidate.isSellerKnown)
    return leave(
      'foreign_subscription',
      `it was sold for the subscription ${candidate.soldFor}, which is not known here`,
    )
  if (userId === null)
    return leave(
      'unknown_customer',
      `nothing tells which user the customer ${candidate.customerId} is`,
    )
  if (plan === undefined) return leave('unknown_price', reasonOfUnknownPrice(candidate.priceId))
  if (live === undefined) return { kind: 'import', userId, plan }
  if (live.stripeSubscriptionId === null) return { kind: 'join', live }
  if (candidate.soldFor !== null) return { kind: 'refund', live }
  return leave(
    'second_subscription',
    `${id} was made elsewhere, and its user has the subscription ${live.id} already`,
  )
}

const leave = (drift: DriftKind | null, reason: string): ImportDecision => ({
  kind: 'leave',
  drift,
  reason,
})
