import type { LinePlan } from '../objects/invoice.ts'
import { newInvoiceItem } from '../objects/invoice-item.ts'
import type { InvoiceItem, Subscription } from '../store/stored.ts'
import type { Reader, Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

/** Stores prorations for an invoice, with the source of each line. */
export function keepItems(
  step: Step,
  subscription: Subscription,
  plans: readonly LinePlan[],
): LinePlan[] {
  return plans.map((plan) => {
    const item = newInvoiceItem(plan, {
      customer: subscription.customer,
      created: step.now,
      testClock: subscription.test_clock,
    })
    step.put('invoiceItems', item)
    emit(step, 'invoiceitem.created', item)
    return { ...plan, invoiceItem: item.id }
  })
}

/** The items that wait for a subscription's next invoice, oldest first. */
export function pendingLines(reader: Reader, subscription: Subscription): LinePlan[] {
  return [...reader.rows('invoiceItems', { index: 'pending', key: subscription.id })]
    .toReversed()
    .flatMap((item) => {
      const plan = planOf(reader, subscription, item)
      return plan === undefined ? [] : [plan]
    })
}

function planOf(
  reader: Reader,
  subscription: Subscription,
  item: InvoiceItem,
): LinePlan | undefined {
  const price = reader.find('prices', item.pricing?.price_details?.price ?? '')
  if (price === undefined) return undefined
  return {
    amount: item.amount,
    currency: item.currency,
    description: item.description ?? '',
    period: item.period,
    price,
    quantity: item.quantity,
    subscription: subscription.id,
    subscriptionItem: item.parent?.subscription_details?.subscription_item ?? '',
    proration: item.proration,
    unitAmountDecimal: item.pricing?.unit_amount_decimal ?? null,
    invoiceItem: item.id,
  }
}

/** Links items to their invoice, so that none is invoiced twice. */
export function takeItems(step: Step, lines: readonly LinePlan[], invoice: string): void {
  for (const { invoiceItem } of lines) {
    const item = invoiceItem === undefined ? undefined : step.find('invoiceItems', invoiceItem)
    if (item !== undefined) step.put('invoiceItems', { ...item, invoice })
  }
}
