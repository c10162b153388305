import { periodOf } from '../objects/subscription.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { periodLines, recurrence } from './amounts.ts'
import { HOUR, periodAt, type Span } from './calendar.ts'
import { endSubscription, reviseSubscription } from './changes.ts'
import { collect } from './collection.ts'
import { markPaused } from './pause.ts'
import { pendingLines } from './pending-items.ts'
import { usageLines } from './usage.ts'
import { draftInvoice, finalizeInvoice, voidInvoice } from './invoicing.ts'
import type { Invoice } from '../store/stored.ts'

/** How long a renewal stays a draft, so that the application can add items. */
export const DRAFT_LASTS = 1 * HOUR
/** After this time an incomplete subscription expires. */
export const INCOMPLETE_LASTS = 23 * HOUR

/** Opens the next period and invoices it in advance. */
export function renew(step: Step, subscription: Subscription): Subscription {
  const endsTrial = subscription.status === 'trialing'
  if (endsTrial && !hasPaymentMethod(step, subscription)) {
    const instead = withoutPaymentMethod(step, subscription)
    if (instead !== undefined) return instead
  }
  const every = recurrence(subscription.items.data)
  const counted = periodAt(subscription.billing_cycle_anchor, every, step.now)
  // Recalculated from here if a trial ends, or if the interval changed at this boundary.
  const anchor =
    endsTrial || counted.start !== step.now ? step.now : subscription.billing_cycle_anchor
  const period = periodAt(anchor, every, step.now)
  return openPeriod(step, subscription, {
    period,
    to: { billing_cycle_anchor: anchor, ...(endsTrial && { status: 'active' }) },
  })
}

function openPeriod(
  step: Step,
  subscription: Subscription,
  { period, to }: { readonly period: Span; readonly to: Partial<Subscription> },
): Subscription {
  const next = {
    ...subscription,
    ...to,
    items: { ...subscription.items, data: moved(subscription, period) },
  }
  const collects = next.status !== 'unpaid'
  const paused = next.pause_collection
  const draft = draftInvoice(step, {
    subscription: next,
    lines: [
      ...pendingLines(step, next),
      ...usageLines(step, next, periodOf(subscription)),
      ...periodLines(step, next, { period }),
    ],
    period: periodOf(subscription),
    reason: 'subscription_cycle',
    finalizesAt: collects && paused?.behavior !== 'keep_as_draft' ? step.now + DRAFT_LASTS : null,
    autoAdvance: collects && paused === null,
  })
  return reviseSubscription(step, subscription, {
    ...to,
    items: next.items,
    latest_invoice: draft.id,
  })
}

const moved = ({ items }: Subscription, period: Span) =>
  items.data.map((item) => ({
    ...item,
    current_period_start: period.start,
    current_period_end: period.end,
  }))

function hasPaymentMethod(step: Step, subscription: Subscription): boolean {
  if (subscription.default_payment_method !== null) return true
  const customer = step.find('customers', subscription.customer)
  if (customer === undefined || customer.deleted === true) return false
  return customer.invoice_settings.default_payment_method !== null
}

function withoutPaymentMethod(step: Step, subscription: Subscription): Subscription | undefined {
  switch (subscription.trial_settings?.end_behavior.missing_payment_method) {
    case 'cancel':
      return endSubscription(step, subscription, 'payment_failed')
    case 'pause':
      return markPaused(step, subscription, 'trial_end_without_payment_method')
    case 'create_invoice':
    case undefined:
    default:
      return undefined
  }
}

/** Finalizes and collects a renewal after its hour as a draft. */
export function advanceDraft(step: Step, draft: Invoice): void {
  const id = draft.parent?.subscription_details?.subscription
  const behavior =
    id === undefined ? undefined : step.find('subscriptions', id)?.pause_collection?.behavior
  const open = finalizeInvoice(step, draft)
  if (open.status !== 'open') return
  if (behavior === 'void') voidInvoice(step, open)
  else if (behavior === 'mark_uncollectible') writeOff(step, open)
  else if (open.collection_method === 'charge_automatically') collect(step, open)
}

/** Marks an open invoice as uncollectible. @see https://docs.stripe.com/invoicing/integration/workflow-transitions */
export function writeOff(step: Step, open: Invoice): Invoice {
  const transitions = { ...open.status_transitions, marked_uncollectible_at: step.now }
  const written = step.put('invoices', {
    ...open,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'uncollectible',
    status_transitions: transitions,
  })
  emit(step, 'invoice.marked_uncollectible', written)
  return written
}

/** Expires a subscription whose first payment never arrived. */
export function expireIncomplete(step: Step, subscription: Subscription): void {
  for (const invoice of step.rows('invoices', { index: 'subscription', key: subscription.id })) {
    if (invoice.status === 'open') voidInvoice(step, invoice)
  }
  revise(step, 'subscriptions', {
    row: subscription,
    to: { status: 'incomplete_expired', ended_at: step.now },
    event: 'customer.subscription.updated',
  })
}
