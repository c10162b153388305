import type Stripe from 'stripe'
import type { Span } from '../../../domain/calendar.ts'
import { addonChanges, type WantedAddon } from '../commands/addon-items.ts'
import { meteredChanges } from '../commands/metered-items.ts'
import { timingOf } from '../commands/plan-change.ts'
import { findAtStripe, isNothingToInvoice } from '../sdk/errors.ts'
import type { OveragePrice } from './overage-prices.ts'
import { planItemOf, planPricesOf, type PlanPrices } from './plan-item.ts'
import { fromStripeTime } from '../sdk/time.ts'

/** A plan change to preview. */
export type PreviewOrder = {
  readonly stripeSubscriptionId: string
  readonly priceId: string
  readonly quantity: number
  /** The add-ons after the change; null keeps the present ones. */
  readonly addons: readonly WantedAddon[] | null
  /** Metered prices of the new plan, and its period, as in the change: usage of a metered price that ends is charged. */
  readonly overage: readonly OveragePrice[]
  readonly span: Span
  /** The instant from which Stripe prorates. The change itself must use the same one. */
  readonly prorationDate: Date
  /** As in the change: `now` begins the first period, which is charged. */
  readonly trialEnd: Date | 'now' | null
}

/** The charge that a plan change would make now. Amounts are minor units of `currency`; credits are negative. */
export type Preview = {
  readonly currency: string
  /** The amount charged, after discounts and the customer's balance. */
  readonly amountDueMinor: number
  /** The sum of the lines; the taxes, also those that prices include; and the amount before the customer's balance. */
  readonly subtotalMinor: number
  readonly taxMinor: number
  readonly totalMinor: number
  readonly lines: readonly {
    readonly description: string
    readonly amountMinor: number
    readonly start: Date
    readonly end: Date
  }[]
}

/**
 * Previews a plan change at Stripe, with the parameters of the change. We do not calculate prorations ourselves, so preview and
 * charge agree.
 *
 * @throws when the subscription has no item, or as the SDK does
 * @see https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
 */
export async function previewPlanChange(
  { stripe, plans }: { readonly stripe: Stripe; readonly plans: PlanPrices },
  order: PreviewOrder,
): Promise<Preview> {
  const current = await stripe.subscriptions.retrieve(order.stripeSubscriptionId)
  const { data: items } = current.items
  const known = await planPricesOf(plans, items)
  const item = planItemOf(items, known)
  if (item === undefined) throw new Error(`Stripe's ${current.id} has no item`)
  const invoice = await stripe.invoices.createPreview({
    subscription: current.id,
    subscription_details: {
      items: [
        { id: item.id, price: order.priceId, quantity: order.quantity },
        ...addonChanges(items, order.addons, known),
        ...meteredChanges(items, order.overage, order.span),
      ],
      ...timingOf(order),
    },
  })
  return previewOf(invoice)
}

/**
 * Previews the last invoice of a subscription that ends now: the usage of its metered items so far. Nothing is credited. The
 * cancellation invoices the same: see `changeCancellation`.
 *
 * @returns undefined if there would be no invoice
 * @see https://docs.stripe.com/api/invoices/create_preview#create_create_preview-subscription_details-cancel_now
 */
export async function previewEnd(stripe: Stripe, id: string): Promise<Preview | undefined> {
  const current = await findAtStripe(() => stripe.subscriptions.retrieve(id))
  if (current === undefined || current.status === 'canceled') return undefined
  if (!current.items.data.some(({ price }) => price.recurring?.usage_type === 'metered'))
    return undefined
  try {
    return previewOf(
      await stripe.invoices.createPreview({
        subscription: id,
        subscription_details: { cancel_now: true, proration_behavior: 'none' },
      }),
    )
  } catch (error) {
    if (isNothingToInvoice(error)) return undefined
    throw error
  }
}

const previewOf = (invoice: Stripe.Invoice): Preview => ({
  currency: invoice.currency,
  amountDueMinor: invoice.amount_due,
  subtotalMinor: invoice.subtotal,
  taxMinor: (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0),
  totalMinor: invoice.total,
  lines: invoice.lines.data.map((line) => ({
    description: line.description ?? '',
    amountMinor: line.amount,
    start: fromStripeTime(line.period.start),
    end: fromStripeTime(line.period.end),
  })),
})
