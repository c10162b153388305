import type Stripe from 'stripe'

export type PreviewOrder = {
  readonly stripeSubscriptionId: string
  readonly priceId: string
  readonly quantity: number
  readonly prorationDate: Date
}

/** What a change now would charge at once. Amounts are minor units of `currency`; credits are negative. */
export type Preview = {
  readonly currency: string
  /** After discounts and the customer's balance; what is charged. */
  readonly amountDueMinor: number
  readonly lines: readonly {
    readonly description: string
    readonly amountMinor: number
    readonly start: Date
    readonly end: Date
  }[]
}

/** Asks Stripe itself, with the parameters of the change, so that there is one reckoning and not two. */
export async function previewPlanChange(stripe: Stripe, order: PreviewOrder): Promise<Preview> {
  const held = await stripe.subscriptions.retrieve(order.stripeSubscriptionId)
  const item = held.items.data[0]
  if (item === undefined) throw new Error(`Stripe's ${held.id} has no item`)
  const invoice = await stripe.invoices.createPreview({
    subscription: held.id,
    subscription_details: {
      items: [{ id: item.id, price: order.priceId, quantity: order.quantity }],
      proration_behavior: 'always_invoice',
      proration_date: Math.floor(order.prorationDate.getTime() / 1_000),
    },
  })
  return {
    currency: invoice.currency,
    amountDueMinor: invoice.amount_due,
    lines: invoice.lines.data.map((line) => ({
      description: line.description ?? '',
      amountMinor: line.amount,
      start: new Date(line.period.start * 1_000),
      end: new Date(line.period.end * 1_000),
    })),
  }
}
