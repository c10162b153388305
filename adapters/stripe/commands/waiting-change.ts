import type Stripe from 'stripe'
import { idOf } from '../reading/ids.ts'
import { planItemOf, type KnownPrices } from '../reading/plan-item.ts'
import { hasAddons, type WantedAddon } from './addon-items.ts'
import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

/** A change that may wait for its payment. */
type Awaited = {
  readonly priceId: string
  readonly quantity: number
  readonly addons: readonly WantedAddon[] | null
}

/** Whether an earlier attempt made this change, which waits for its payment. */
export function isWaitingFor(
  { pending_update: update, items: present }: Stripe.Subscription,
  order: Awaited,
  planPrices: KnownPrices,
): boolean {
  const items = update?.subscription_items ?? []
  // The new price may be so new that no plan here has it yet.
  const item =
    items.find(({ price }) => price.id === order.priceId) ?? planItemOf(items, planPrices)
  return (
    item?.price.id === order.priceId &&
    item.quantity === order.quantity &&
    hasAddons(items, order.addons, { known: planPrices, present: present.data })
  )
}

/** Voids the invoice of a change that waits for its payment, which withdraws the change. */
export async function voidWaitingChange(
  context: StripeContext,
  target: SubscriptionTarget,
  current: Stripe.Subscription,
): Promise<void> {
  const invoice =
    current.pending_update === null ? undefined : await waitingInvoice(context, current)
  // Someone may have voided or paid it since; then nothing waits for it any more.
  if (invoice === undefined) return
  await context.stripe.invoices.voidInvoice(
    invoice.id,
    {},
    keyed(context, {
      subject: target.subscriptionId,
      command: `void-${invoice.id}`,
      generation: target.generation,
    }),
  )
}

/** Newest first; more open invoices of changes than this do not exist, because a newer change voids the older one's. */
const INVOICES_MAX = 10

/** The invoice of a change that waits for its payment. A renewal since then is the latest invoice, and must stay. */
async function waitingInvoice(
  { stripe }: StripeContext,
  { id, latest_invoice: latest }: Stripe.Subscription,
): Promise<Stripe.Invoice | undefined> {
  const { data } = await stripe.invoices.list({
    subscription: id,
    status: 'open',
    limit: INVOICES_MAX,
  })
  const ofChanges = data.filter(({ billing_reason: reason }) => reason === 'subscription_update')
  return ofChanges.find((each) => each.id === idOf(latest)) ?? ofChanges[0]
}
