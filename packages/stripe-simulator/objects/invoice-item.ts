import { newId } from '../store/ids.ts'
import type { InvoiceItem } from '../store/stored.ts'
import { unitAmountOf, type LinePlan } from './invoice.ts'

/** A proration that waits for an invoice. */
export function newInvoiceItem(
  plan: LinePlan,
  at: { customer: string; created: number; testClock: string | null },
): InvoiceItem {
  return {
    id: newId('ii'),
    object: 'invoiceitem',
    amount: plan.amount,
    currency: plan.currency,
    customer: at.customer,
    customer_account: null,
    date: at.created,
    description: plan.description,
    discountable: false,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: plan.amount,
    parent: {
      subscription_details: {
        subscription: plan.subscription,
        subscription_item: plan.subscriptionItem,
      },
      type: 'subscription_details',
    },
    period: { end: plan.period.end, start: plan.period.start },
    pricing: {
      price_details: { price: plan.price.id, product: plan.price.product },
      type: 'price_details',
      unit_amount_decimal: unitAmountOf(plan),
    },
    proration: plan.proration,
    proration_details: { credited_items: null, discount_amounts: [] },
    quantity: plan.quantity,
    quantity_decimal: String(plan.quantity),
    tax_rates: [],
    test_clock: at.testClock,
  }
}
