import type { LinePlan } from '../objects/invoice.ts'
import { isMetered } from '../objects/price.ts'
import { periodOf } from '../objects/subscription.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import type { Span } from './calendar.ts'
import { endSubscription } from './changes.ts'
import { collect } from './collection.ts'
import { draftInvoice, finalizeInvoice } from './invoicing.ts'
import { keepItems, pendingLines } from './pending-items.ts'
import { creditFor } from './proration.ts'
import { usageLines } from './usage.ts'

type How = { readonly prorates: boolean; readonly invoicesNow: boolean }

/** Ends a subscription immediately. On request it credits unused time and invoices pending items. */
export function cancelNow(step: Step, row: Subscription, how: How): Subscription {
  const bills = row.status !== 'trialing' && row.status !== 'incomplete'
  if (how.prorates && bills) {
    const licensed = row.items.data.filter(({ price }) => !isMetered(price))
    const credits = licensed.map((item) => creditFor(step, row, { item, at: step.now }))
    keepItems(
      step,
      row,
      credits.filter(({ amount }) => amount !== 0),
    )
  }
  const ended = endSubscription(step, row, 'cancellation_requested')
  return how.invoicesNow && bills ? invoiceLast(step, ended) : ended
}

/** Ends a subscription at its scheduled time. Usage of the last period is invoiced; nothing else is. */
export function cancelOnTime(step: Step, row: Subscription): void {
  const ended = endSubscription(step, row, 'cancellation_requested')
  if (row.status !== 'trialing') invoiceLines(step, ended, [])
}

function invoiceLast(step: Step, ended: Subscription): Subscription {
  return invoiceLines(step, ended, pendingLines(step, ended))
}

/** The lines of the last invoice of a subscription that ends now. */
export function lastLines(step: Step, row: Subscription): { lines: LinePlan[]; period: Span } {
  const period = { start: periodOf(row).start, end: step.now }
  const isInvoiced = row.status !== 'trialing' && row.status !== 'incomplete'
  const usage = usageLines(step, row, period).filter(({ amount }) => amount !== 0)
  return { lines: isInvoiced ? [...pendingLines(step, row), ...usage] : [], period }
}

function invoiceLines(step: Step, ended: Subscription, items: readonly LinePlan[]): Subscription {
  const period = { start: periodOf(ended).start, end: step.now }
  const usage = usageLines(step, ended, period).filter(({ amount }) => amount !== 0)
  const lines = [...items, ...usage]
  if (lines.length === 0) return ended
  const last = { subscription: ended, lines, period, reason: 'subscription_update' } as const
  const invoice = finalizeInvoice(step, draftInvoice(step, last))
  if (invoice.status === 'open') collect(step, invoice)
  return step.put('subscriptions', { ...ended, latest_invoice: invoice.id })
}
