import type { LinePlan } from '../objects/invoice.ts'
import type { Subscription } from '../store/stored.ts'
import type { Reader } from '../store/store.ts'
import type { Usage } from '../store/tables.ts'
import type { Span } from './calendar.ts'
import { periodText } from './line-text.ts'

/** The lines that invoice a period's metered usage after it ends. */
export function usageLines(reader: Reader, subscription: Subscription, period: Span): LinePlan[] {
  return subscription.items.data.flatMap((item) => {
    const meter = reader.find('meters', item.price.recurring?.meter ?? '')
    if (meter === undefined) return []
    const quantity = aggregate(
      meter.default_aggregation.formula,
      used(reader, subscription, { meter: meter.id, period }),
    )
    return [
      {
        amount: Math.round(quantity * Number(item.price.unit_amount_decimal ?? 0)),
        currency: subscription.currency,
        description: periodText(reader, item.price, quantity),
        period,
        price: item.price,
        quantity,
        subscription: subscription.id,
        subscriptionItem: item.id,
        proration: false,
      },
    ]
  })
}

function used(
  reader: Reader,
  { customer }: Subscription,
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
