import { invalid } from '../http/refusal.ts'
import type { InvoiceLine, Price, Subscription, SubscriptionItem } from '../store/stored.ts'
import { INTERVALS, type Recurrence, type Span } from './calendar.ts'
import { isMetered } from '../objects/price.ts'
import { newLine, type LinePlan } from '../objects/invoice.ts'
import type { Reader } from '../store/store.ts'
import { periodText, trialText } from './line-text.ts'

/** The cost of a quantity of a price for one period. Metered prices are invoiced afterwards. */
export function amountOf(price: Price, quantity: number): number {
  if (isMetered(price)) return 0
  return (price.unit_amount ?? 0) * quantity
}

/** How often a price is charged. @throws Refusal (400) if the price is not recurring. */
export function recurrenceOf(price: Price): Recurrence {
  const { recurring } = price
  if (recurring === null) throw invalid(`The price ${price.id} is not recurring.`, 'items')
  const interval = INTERVALS.find((each) => each === recurring.interval)
  if (interval === undefined) throw new Error(`unknown interval ${recurring.interval}`)
  return { interval, interval_count: recurring.interval_count }
}

/** The renewal interval of a subscription: all its items share it here. */
export function recurrence(items: readonly Pick<SubscriptionItem, 'price'>[]): Recurrence {
  const [first, ...rest] = items.map(({ price }) => recurrenceOf(price))
  if (first === undefined) throw invalid('A subscription needs at least one item.', 'items')
  for (const other of rest) {
    if (other.interval === first.interval && other.interval_count === first.interval_count) continue
    throw invalid('The Stripe simulator does not model mixed intervals.', 'items', 'not_simulated')
  }
  return first
}

/** The lines that charge a whole period in advance, or that show a free trial. */
export function periodLines(
  reader: Pick<Reader, 'find'>,
  subscription: Subscription,
  { period, free = false }: { readonly period: Span; readonly free?: boolean },
): LinePlan[] {
  const licensed = subscription.items.data.filter(({ price }) => !isMetered(price))
  return licensed.map((item) => ({
    amount: free ? 0 : amountOf(item.price, item.quantity ?? 1),
    currency: subscription.currency,
    description: free
      ? trialText(reader, item.price)
      : periodText(reader, item.price, item.quantity ?? 1),
    period,
    price: item.price,
    quantity: item.quantity ?? 1,
    subscription: subscription.id,
    subscriptionItem: item.id,
    proration: false,
  }))
}

/** The lines of an invoice, in the order of their plans. */
export function linesOf(plans: readonly LinePlan[], invoice: string): InvoiceLine[] {
  return plans.map((plan) => newLine(plan, invoice))
}
