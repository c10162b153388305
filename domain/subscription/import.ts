import type { DriftKind } from '../stripe/drift.ts'
import { SETTLED } from '../stripe/event.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { isLive, type Status, type Subscription } from './subscription.ts'

/** A subscription at Stripe without a row here, as it was read there. */
export type ImportCandidate = {
  readonly stripeSubscriptionId: string
  /** Null for a status that Stripe added after this was written. */
  readonly status: Status | null
  readonly rawStatus: string
  readonly customerId: string
  readonly priceId: string
  /** Its user, by our own table or by the metadata at Stripe; null when neither has one. */
  readonly userId: string | null
  readonly plan: PlanVersion | undefined
  /** Whether its user has another customer at Stripe, to whom usage is reported. */
  readonly isOtherCustomer: boolean
  /** Whether the plan version shows what the price charges. */
  readonly isPriceShown: boolean
  /** Our subscription that its metadata names: it was sold on one of our pages. Null if it was made elsewhere. */
  readonly soldFor: string | null
  /** Whether that subscription has a row here. */
  readonly isSellerKnown: boolean
  /** The user's live subscription of the same product line. */
  readonly live: Subscription | undefined
}

/** Whether a subscription at Stripe becomes one of ours, or why not. */
export type ImportDecision =
  /** It becomes a new subscription here. */
  | { readonly kind: 'import'; readonly userId: string; readonly plan: PlanVersion }
  /** It becomes the paid part of a live subscription that is free or not paid yet. */
  | { readonly kind: 'join'; readonly live: Subscription }
  /** It was sold for a subscription whose row is lost: it becomes that one again. */
  | { readonly kind: 'restore'; readonly id: string; readonly userId: string }
  /** It was bought on one of our pages beside another paid one: it is canceled and refunded. */
  | { readonly kind: 'refund'; readonly live: Subscription }
  /** Nothing happens now. `drift` is the finding that waits for an operator, if any. */
  | { readonly kind: 'leave'; readonly drift: DriftKind | null; readonly reason: string }

/** Findings with these words are closed when an operator assigns the price to a plan. */
export const reasonOfUnknownPrice = (priceId: string): string =>
  `its price ${priceId} belongs to no plan here`

/** Findings with these words are closed when an operator maps the price again. */
export const reasonOfOtherPrice = (priceId: string): string =>
  `its price ${priceId} charges something else than the plan version that it is mapped to: map it again with PUT /admin/stripe-prices/${priceId}`

/**
 * Decides about a subscription that appears at Stripe. Only what our own pages sold twice is refunded.
 *
 * @param isRecovery an operator says that rows were lost. Otherwise a sale without a row belongs to another deployment that uses
 * the same account.
 */
export function decideImport(
  candidate: ImportCandidate,
  { isRecovery }: { readonly isRecovery: boolean },
): ImportDecision {
  const { status, userId, plan, live, stripeSubscriptionId: id } = candidate
  if (status === null) return leave(null, `Stripe's status ${candidate.rawStatus} is unknown here`)
  if (!isLive(status)) return leave(null, SETTLED.overBefore)
  if (status === 'incomplete') return leave(null, SETTLED.notPaidYet)
  const isLost = candidate.soldFor !== null && !candidate.isSellerKnown
  if (isLost && !isRecovery)
    return leave(
      'foreign_subscription',
      `it was sold for the subscription ${candidate.soldFor}, which is not known here; after a restore, npx perennial recover restores it`,
    )
  if (userId === null)
    return leave('unknown_customer', `the customer ${candidate.customerId} has no known user`)
  if (plan === undefined) return leave('unknown_price', reasonOfUnknownPrice(candidate.priceId))
  if (!candidate.isPriceShown) return leave('price_differs', reasonOfOtherPrice(candidate.priceId))
  if (candidate.isOtherCustomer && plan.features.some(({ overage }) => overage === 'bill'))
    return leave(
      'second_customer',
      `usage of ${userId} is reported to another customer at Stripe than ${candidate.customerId}`,
    )
  if (live === undefined)
    return isLost
      ? { kind: 'restore', id: candidate.soldFor, userId }
      : { kind: 'import', userId, plan }
  if (live.stripeSubscriptionId === null) return { kind: 'join', live }
  if (candidate.isSellerKnown) return { kind: 'refund', live }
  return leave(
    'second_subscription',
    isLost
      ? `${id} was sold for ${candidate.soldFor}, whose row is lost, and its user has the subscription ${live.id} now`
      : `${id} was made elsewhere, and its user has the subscription ${live.id} already`,
  )
}

const leave = (drift: DriftKind | null, reason: string): ImportDecision => ({
  kind: 'leave',
  drift,
  reason,
})
