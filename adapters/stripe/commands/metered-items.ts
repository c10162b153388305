import type Stripe from 'stripe'
import type { Span } from '../../../domain/calendar.ts'
import type { OveragePrice } from '../reading/overage-prices.ts'
import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

/** A metered item that is added or removed. */
export type ItemChange = { readonly id?: string; readonly price?: string; readonly deleted?: true }

/**
 * The changes of metered items that a change of plan needs, so that what the new plan charges beyond its quota is on the invoice.
 * A meter has one item: another price takes its place, and Stripe invoices what was used at the old one. Other metered items
 * stay, because what was used on them is still to be invoiced, unless they recur at another interval than the new plan.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup
 */
export function meteredChanges(
  items: readonly Stripe.SubscriptionItem[],
  overage: readonly OveragePrice[],
  { every, unit }: Span,
): ItemChange[] {
  const metered = items.filter(({ price }) => price.recurring?.usage_type === 'metered')
  const wanted = overage.flatMap(({ priceId, meterId }): ItemChange[] => {
    const held = metered.find(({ price }) => price.recurring?.meter === meterId)
    if (held === undefined) return [{ price: priceId }]
    // A new item, because the old one is invoiced for its usage when it is removed.
    return held.price.id === priceId ? [] : [{ id: held.id, deleted: true }, { price: priceId }]
  })
  const gone = metered
    .filter(
      ({ price: { recurring } }) =>
        recurring?.interval !== unit || recurring.interval_count !== every,
    )
    .filter(({ price }) => !overage.some(({ meterId }) => price.recurring?.meter === meterId))
    .map(({ id }): ItemChange => ({ id, deleted: true }))
  return [...wanted, ...gone]
}

/** Metered prices that a subscription is to have. */
export type MeteredItemsOrder = SubscriptionTarget & { readonly overage: readonly OveragePrice[] }

/**
 * Adds the metered items that a subscription lacks. Stripe charges usage from the instant at which an item is added. An item of the
 * same meter stays, whatever its price. A subscription with a schedule, or with a change that waits for its payment, stays as it
 * is: Stripe would refuse the update, or lose it. Running it twice finds the items.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup
 */
export async function addMeteredItems(
  context: StripeContext,
  { subscriptionId: subject, stripeSubscriptionId, generation, overage }: MeteredItemsOrder,
): Promise<void> {
  const { stripe } = context
  const { items, schedule, pending_update } =
    await stripe.subscriptions.retrieve(stripeSubscriptionId)
  const held = new Set(items.data.map(({ price }) => price.recurring?.meter))
  const added = overage.filter(({ meterId }) => !held.has(meterId))
  if (added.length === 0 || schedule !== null || pending_update !== null) return
  await stripe.subscriptions.update(
    stripeSubscriptionId,
    { items: added.map(({ priceId: price }) => ({ price })), proration_behavior: 'none' },
    keyed(context, { subject, command: 'add-metered-items', generation }),
  )
}
