import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { reviseSubscription } from './changes.ts'
import { voidInvoice } from './invoicing.ts'

/** Applies a pending change after its payment. */
export function applyPending(step: Step, subscription: Subscription): Subscription {
  const waiting = step.find('pendingChanges', subscription.id)
  if (waiting === undefined) return subscription
  step.erase('pendingChanges', subscription.id)
  const applied = reviseSubscription(step, subscription, { ...waiting.to, pending_update: null })
  if (subscription.pending_update !== null) {
    emit(step, 'customer.subscription.pending_update_applied', applied)
  }
  if (subscription.status === 'paused') emit(step, 'customer.subscription.resumed', applied)
  return applied
}

/** A newer change replaces the pending one and voids its invoice. */
export function dropPending(step: Step, subscription: Subscription): Subscription {
  const waiting = step.find('pendingChanges', subscription.id)
  if (waiting === undefined) return subscription
  step.erase('pendingChanges', subscription.id)
  const invoice = step.find('invoices', waiting.invoice)
  if (invoice?.status === 'open' || invoice?.status === 'uncollectible') voidInvoice(step, invoice)
  return reviseSubscription(step, subscription, { pending_update: null })
}

/** Discards a change that was not paid in time. */
export function expirePending(step: Step, subscription: Subscription): void {
  const dropped = dropPending(step, subscription)
  emit(step, 'customer.subscription.pending_update_expired', dropped)
}
