import { intervalAt } from '../calendar.ts'
import { spanOf } from '../catalogue/period.ts'
import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import { letterKey } from '../keys.ts'
import { priceAt } from '../subscription/price.ts'
import { isInPeriod, type InPeriod, type Subscription } from '../subscription/subscription.ts'
import type { Letter } from './letter.ts'
import { contentOf, type Around } from './letter-content.ts'

/** The card that Stripe charges for a subscription. */
export type Card = {
  readonly last4: string
  /** The first instant at which it is no longer valid. */
  readonly expiresAt: Date
}

/** The letter comes this long before the first renewal that the card misses. */
const REMINDER_MS = 30 * 86_400_000
/**
 * Stripe charges a renewal about one hour after the period's end.
 * @see https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
const CHARGE_AFTER_MS = 3_600_000

/**
 * The end of the month that is printed on a card, in UTC: a card is valid to the end of it.
 * @param month 1 to 12.
 */
export const expiryOf = (year: number, month: number): Date => new Date(Date.UTC(year, month, 1))

/** Whether a card may miss a renewal that is close enough for a letter now. Most cards do not. */
export const expiresSoon = ({ expiresAt }: Card, at: Date): boolean =>
  expiresAt.getTime() <= at.getTime() + REMINDER_MS + CHARGE_AFTER_MS

/**
 * The letter about a card that expires before a renewal: 30 days before the first renewal that it misses, or as soon as it is
 * known after that. Its key names the card and its expiry, so that it is sent once for each card.
 *
 * @param around `plan` and `pendingPlan` as for every letter.
 * @returns null if the card is valid for the renewals of the next 30 days, or nothing will be charged by then.
 */
export function letterAboutCard(
  subscription: Subscription,
  around: Around,
  card: Card,
  at: Date,
): Letter | null {
  const { last4, expiresAt } = card
  const missed = isInPeriod(subscription) ? missedRenewal(subscription, around, card, at) : null
  if (missed === null) return null
  const validUntil = new Date(expiresAt.getTime() - 1).toISOString()
  return {
    key: letterKey(subscription.id, `card_expiring/${last4}/${validUntil.slice(0, 7)}`),
    kind: 'card_expiring',
    content: {
      ...contentOf(subscription, around),
      card: { last4, validUntil, missed: missed.toISOString() },
    },
  }
}

/** The first renewal of the next 30 days that is charged to the card and that the card misses. */
function missedRenewal(
  subscription: InPeriod,
  { plan, pendingPlan }: Around,
  { expiresAt }: Card,
  at: Date,
): Date | null {
  const { status, anchor, period, cancelAt, collectionPause, pendingChange } = subscription
  if (status !== 'active' && status !== 'trialing') return null
  if (collectionPause !== null) return null
  const isChanging = pendingChange?.kind === 'scheduled' && pendingPlan !== undefined
  const next = isChanging ? pendingPlan : plan
  const { discount } = subscription
  const quantity = isChanging ? pendingChange.quantity : subscription.quantity
  const until = new Date(at.getTime() + REMINDER_MS)
  let renewal = period.end
  // In a short period the renewal after the next one is close enough, too.
  while (renewal <= until) {
    if (cancelAt !== null && cancelAt <= renewal) return null
    const isMissed = renewal.getTime() + CHARGE_AFTER_MS >= expiresAt.getTime()
    if (renewal > at && isMissed)
      return isCharged(next, { quantity, discount }, renewal) ? renewal : null
    renewal = intervalAt(anchor, spanOf(next.period), renewal).end
  }
  return null
}

const isCharged = (
  plan: PlanVersion,
  facts: Pick<Subscription, 'quantity' | 'discount'>,
  at: Date,
): boolean =>
  !isFree(plan) &&
  (priceAt(facts, plan, at).amountMinor > 0 ||
    plan.features.some(({ overage }) => overage === 'bill'))
