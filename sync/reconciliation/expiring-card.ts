import { readAddons } from '../../domain/subscription/addons.ts'
import type Stripe from 'stripe'
import { chargedCardOf } from '../../adapters/stripe/reading/charged-method.ts'
import { expiresSoon, letterAboutCard } from '../../domain/customer/card.ts'
import { findHere } from './comparison.ts'
import type { CompareParts, LetterTo } from './page.ts'

/**
 * The letter about a card that expires before it is charged. The comparison has just read the card at Stripe, so a card that
 * was replaced, or that Stripe updated by itself, gets none.
 *
 * @param there with its payment method and its customer's expanded
 * @see https://docs.stripe.com/payments/cards/overview#automatic-card-updates
 */
export async function letterAboutCardOf(
  parts: Pick<CompareParts, 'repositories'>,
  there: Stripe.Subscription,
  at: Date,
): Promise<LetterTo | null> {
  const card = chargedCardOf(there)
  if (card === null || !expiresSoon(card, at)) return null
  const own = await findHere(parts, there)
  if (own === undefined) return null
  const { plans } = parts.repositories
  const { pendingChange } = own
  const around = {
    plan: await plans.getVersion(own.planVersionId),
    addons: await readAddons(plans, own.addons),
    pendingPlan:
      pendingChange === null ? undefined : await plans.getVersion(pendingChange.planVersionId),
  }
  const letter = letterAboutCard(own, around, card, at)
  return letter && { subscriptionId: own.id, letter }
}
