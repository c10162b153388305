import type { LinePlan } from '../objects/invoice.ts'
import { periodOf } from '../objects/subscription.ts'
import type { Invoice, Subscription, SubscriptionItem } from '../store/stored.ts'
import type { Reader } from '../store/store.ts'
import { amountOf } from './amounts.ts'
import type { Span } from './calendar.ts'
import { openAmount } from './discounts.ts'
import { prorationText } from './line-text.ts'
import { isForPendingChange } from './pending-invoice.ts'

/** The share of an amount for the rest of a period, rounded to the nearest minor unit. */
export function unusedShare(amount: number, period: Span, from: number): number {
  return Math.round(exactShare(amount, period, from))
}

function exactShare(amount: number, period: Span, from: number): number {
  const left = Math.max(period.end - Math.max(from, period.start), 0)
  return (amount * left) / (period.end - period.start)
}

type Moment = { readonly item: SubscriptionItem; readonly at: number }

/**
 * The credit for an item from an instant on: the unused share of the amount that was invoiced for it
 * in this period, minus earlier credits. Flexible billing works this way; amounts that were never
 * invoiced, in a trial or without proration, are never credited.
 */
export function creditFor(
  reader: Reader,
  subscription: Subscription,
  { item, at }: Moment,
): LinePlan {
  const period = periodOf(subscription)
  const unused = billedLines(reader, subscription, item)
    .filter((line) => line.period.end === period.end)
    .reduce((sum, line) => sum + exactShare(line.amount, line.period, at), 0)
  return {
    ...lineOf(subscription, item, { start: at, end: period.end }),
    amount: -Math.round(unused),
    description: prorationText(reader, 'Unused', { item, at }),
  }
}

/** The charge for an item for the rest of the period. */
export function debitFor(
  reader: Pick<Reader, 'find'>,
  subscription: Subscription,
  { item, at }: Moment,
): LinePlan {
  const period = periodOf(subscription)
  return {
    ...lineOf(subscription, item, { start: at, end: period.end }),
    amount: unusedShare(amountOf(item.price, item.quantity ?? 1), period, at),
    description: prorationText(reader, 'Remaining', { item, at }),
  }
}

/** Until when a metered item's usage was invoiced, or waits as an item for the next invoice. */
export const invoicedUntil = (
  reader: Reader,
  subscription: Subscription,
  item: SubscriptionItem,
): number => Math.max(0, ...billedLines(reader, subscription, item).map(({ period }) => period.end))

type Billed = { readonly amount: number; readonly period: Span }

function billedLines(reader: Reader, { id }: Subscription, item: SubscriptionItem): Billed[] {
  const billed: Billed[] = []
  for (const invoice of reader.rows('invoices', { index: 'subscription', key: id })) {
    if (!counts(invoice) || isForPendingChange(reader, invoice)) continue
    for (const line of invoice.lines.data) {
      if (line.parent?.subscription_item_details?.subscription_item === item.id) {
        billed.push({ amount: openAmount(line), period: line.period })
      }
    }
  }
  for (const pending of reader.rows('invoiceItems', { index: 'pending', key: id })) {
    if (pending.parent?.subscription_details?.subscription_item === item.id) billed.push(pending)
  }
  return billed
}

/** A void invoice gives no credit. */
const counts = ({ status }: Invoice) => status !== 'void' && status !== 'uncollectible'

function lineOf(subscription: Subscription, item: SubscriptionItem, period: Span) {
  return {
    currency: subscription.currency,
    period,
    price: item.price,
    quantity: item.quantity ?? 1,
    subscription: subscription.id,
    subscriptionItem: item.id,
    proration: true,
  }
}
