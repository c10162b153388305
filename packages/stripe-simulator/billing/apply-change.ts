import { newId } from '../store/ids.ts'
import type { Invoice, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import type { LinePlan } from '../objects/invoice.ts'
import { periodOf } from '../objects/subscription.ts'
import { HOUR } from './calendar.ts'
import type { Change } from './change.ts'
import { reviseSubscription } from './changes.ts'
import { collect } from './collection.ts'
import type { Attempt } from './collect.ts'
import { draftInvoice, finalizeInvoice } from './invoicing.ts'
import { applyPending, dropPending } from './pending-change.ts'
import { keepItems, pendingLines } from './pending-items.ts'

/** How long a change waits for its payment. */
export const PENDING_LASTS = 23 * HOUR

/**
 * The treatment of a change whose payment fails or waits, as `payment_behavior`.
 * @see https://docs.stripe.com/billing/subscriptions/pending-updates
 */
export type Behavior = 'allow_incomplete' | 'default_incomplete' | 'pending_if_incomplete'

type How = {
  readonly behavior: Behavior
  readonly invoicesNow: boolean
  /** Other fields that the same call sets. */
  readonly also: Partial<Subscription>
}

/** The subscription after the change, and the attempt to pay for it; null if nothing was collected. */
export type Applied = { readonly subscription: Subscription; readonly attempt: Attempt | null }

/** Applies a planned change: now, or after its payment. */
export function applyChange(
  step: Step,
  held: Subscription,
  { change, how }: { readonly change: Change; readonly how: How },
): Applied {
  const subscription = dropPending(step, held)
  const invoicesNow = change.opensPeriod || (how.invoicesNow && change.prorations.length > 0)
  const waiting = pendingLines(step, subscription)
  const kept = keepItems(step, subscription, change.prorations)
  if (!invoicesNow) {
    return {
      subscription: reviseSubscription(step, subscription, { ...how.also, ...change.to }),
      attempt: null,
    }
  }
  const lines = [...waiting, ...kept, ...change.opening]
  return how.behavior === 'pending_if_incomplete'
    ? applyWhenPaid(step, subscription, { change, how, lines })
    : applyFirst(step, subscription, { change, how, lines })
}

type Billing = { readonly change: Change; readonly how: How; readonly lines: readonly LinePlan[] }

function applyFirst(step: Step, before: Subscription, { change, how, lines }: Billing): Applied {
  const id = newId('in')
  const to = { ...how.also, ...change.to, latest_invoice: id }
  const subscription = reviseSubscription(step, before, to)
  const invoice = invoiceChange(step, subscription, { id, lines })
  if (invoice.status !== 'open') return { subscription, attempt: null }
  if (how.behavior === 'default_incomplete') {
    return {
      subscription: reviseSubscription(step, subscription, { status: 'past_due' }),
      attempt: null,
    }
  }
  if (subscription.collection_method === 'send_invoice') return { subscription, attempt: null }
  const attempt = collect(step, invoice)
  return { subscription: step.find('subscriptions', before.id) ?? subscription, attempt }
}

function applyWhenPaid(step: Step, before: Subscription, { change, how, lines }: Billing): Applied {
  const id = newId('in')
  const billed = step.put('subscriptions', { ...before, latest_invoice: id })
  const invoice = invoiceChange(step, { ...billed, ...change.to }, { id, lines })
  const to = { ...how.also, ...change.to, latest_invoice: id }
  step.put('pendingChanges', { id: before.id, invoice: id, to })
  if (invoice.status !== 'open') return { subscription: applyPending(step, billed), attempt: null }
  const attempt = collect(step, invoice)
  const current = step.find('subscriptions', before.id) ?? billed
  if (attempt.kind === 'paid') return { subscription: current, attempt }
  const subscription = reviseSubscription(step, before, {
    latest_invoice: id,
    pending_update: pendingUpdate(step, change, how.also),
  })
  return { subscription, attempt }
}

type Document = { readonly id: string; readonly lines: readonly LinePlan[] }

function invoiceChange(step: Step, subscription: Subscription, { id, lines }: Document): Invoice {
  const period = periodOf(subscription)
  const reason = 'subscription_update'
  return finalizeInvoice(step, draftInvoice(step, { id, subscription, lines, period, reason }))
}

function pendingUpdate(
  step: Step,
  { to }: Change,
  also: Partial<Subscription>,
): Subscription['pending_update'] {
  return {
    billing_cycle_anchor: to.billing_cycle_anchor,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at: step.now + PENDING_LASTS,
    metadata: also.metadata ?? null,
    subscription_items: to.items.data,
    trial_end: to.trial_end ?? null,
    trial_from_plan: null,
  }
}
