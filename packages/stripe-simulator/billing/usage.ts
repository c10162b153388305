import type { LinePlan } from '../objects/invoice.ts'
import { isMetered } from '../objects/price.ts'
import type { Price, Subscription, SubscriptionItem, Tier } from '../store/stored.ts'
import type { Reader } from '../store/store.ts'
import type { Usage } from '../store/tables.ts'
import type { Span } from './calendar.ts'
import { chargeText } from './line-text.ts'
import { invoicedUntil } from './proration.ts'
import { chargesOf } from './rating.ts'

/** The lines that invoice a period's metered usage after it ends. */
export const usageLines = (reader: Reader, subscription: Subscription, period: Span): LinePlan[] =>
  subscription.items.data.flatMap((item) => usageLinesOf(reader, subscription, { item, period }))

type Metered = { readonly item: SubscriptionItem; readonly period: Span }

/**
 * The lines of one item. It counts from its creation on, because what was used before belongs to the item that it replaced, and
 * from the end of what was invoiced: a pause may invoice usage within a period.
 */
export function usageLinesOf(
  reader: Reader,
  subscription: Subscription,
  { item, period }: Metered,
): LinePlan[] {
  if (!isMetered(item.price)) return []
  const start = Math.max(period.start, item.created, invoicedUntil(reader, subscription, item))
  const counted = { start, end: period.end }
  if (counted.start >= counted.end) return []
  return chargedLines(reader, {
    price: item.price,
    currency: subscription.currency,
    customer: subscription.customer,
    subscription: subscription.id,
    subscriptionItem: item.id,
    period: counted,
  })
}

/**
 * The usage until now of metered items that a change removes, or gives another price. The next item of the meter counts from
 * here.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup
 */
export function removedUsageLines(
  reader: Reader & { readonly now: number },
  subscription: Subscription,
  after: readonly SubscriptionItem[],
): LinePlan[] {
  return subscription.items.data
    .filter((item) => !after.some(({ id, price }) => id === item.id && price.id === item.price.id))
    .flatMap((item) => {
      const period = { start: item.current_period_start, end: reader.now }
      return usageLinesOf(reader, subscription, { item, period })
    })
    .filter(({ amount }) => amount !== 0)
}

type Counted = Pick<
  LinePlan,
  'price' | 'currency' | 'subscription' | 'subscriptionItem' | 'period'
> & { readonly customer: string }

/** The usage of a span at a metered price, as lines. */
export function chargedLines(reader: Reader, { customer, ...line }: Counted): LinePlan[] {
  const { price, period } = line
  const meter = reader.find('meters', price.recurring?.meter ?? '')
  if (meter === undefined) return []
  const events = used(reader, customer, { meter: meter.id, period })
  // Stripe reports negative usage as zero.
  const usage = Math.max(aggregate(meter.default_aggregation.formula, events), 0)
  return chargesOf(price, tiersOf(reader, price), usage).map((charge) => ({
    ...line,
    amount: charge.amount,
    description: chargeText(reader, price, charge),
    quantity: charge.quantity,
    unitAmountDecimal: charge.unitAmountDecimal,
    proration: false,
  }))
}

const tiersOf = (reader: Reader, { id }: Price): readonly Tier[] =>
  reader.find('priceTiers', id)?.tiers ?? []

function used(
  reader: Reader,
  customer: string,
  { meter, period }: { readonly meter: string; readonly period: Span },
): Usage[] {
  return [...reader.rows('meterEvents', { index: 'customer', key: customer })]
    .filter((event) => event.meter === meter)
    .filter(({ timestamp }) => timestamp >= period.start && timestamp < period.end)
    .toReversed()
}

function aggregate(formula: string, events: readonly Usage[]): number {
  if (formula === 'count') return events.length
  if (formula === 'last') return events.at(-1)?.value ?? 0
  return events.reduce((sum, { value }) => sum + value, 0)
}
