import type { Invoice, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, difference } from '../webhooks/emit.ts'
import { endSubscription, isOver, reviseSubscription } from './changes.ts'
import { attemptPayment, type Attempt } from './collect.ts'
import { applyPending } from './pending-change.ts'
import { isForPendingChange } from './pending-invoice.ts'
import { settleInvoice, subscriptionOf } from './invoicing.ts'

type How = NonNullable<Parameters<typeof attemptPayment>[2]>

/** Attempts a payment and updates the subscription accordingly. */
export function collect(step: Step, invoice: Invoice, how: How = {}): Attempt {
  const attempt = attemptPayment(step, invoice, how)
  if (attempt.kind === 'paid') {
    recover(step, attempt.invoice)
    return attempt
  }
  if (attempt.kind === 'processing') {
    const subscription = subscriptionOf(step, invoice)
    if (subscription?.status === 'incomplete')
      reviseSubscription(step, subscription, { status: step.settings.whileProcessing })
    return attempt
  }
  const failed = scheduleRetry(step, { before: invoice, after: attempt.invoice, how })
  if (attempt.kind === 'needs_authentication') {
    emit(step, 'invoice.payment_action_required', failed)
  }
  emit(step, 'invoice.payment_failed', failed)
  if (!isForPendingChange(step, failed)) fallBehind(step, failed)
  return { ...attempt, invoice: failed }
}

/** Marks an invoice as paid outside Stripe. No bank is involved. */
export function settleOutside(step: Step, invoice: Invoice): Invoice {
  const settled = settleInvoice(step, { ...invoice, amount_paid_off_stripe: invoice.amount_due })
  recover(step, settled)
  return settled
}

/** A paid invoice ends the subscription's wait for the payment. */
export function recover(step: Step, paid: Invoice): void {
  const subscription = subscriptionOf(step, paid)
  if (subscription === undefined || isOver(subscription)) return
  if (isForPendingChange(step, paid)) {
    applyPending(step, subscription)
    return
  }
  const waits = ['incomplete', 'past_due', 'unpaid'].includes(subscription.status)
  if (!waits || subscription.latest_invoice !== paid.id) return
  reviseSubscription(step, subscription, { status: 'active' })
}

type Failed = { readonly before: Invoice; readonly after: Invoice; readonly how: How }

function scheduleRetry(step: Step, { before, after, how }: Failed): Invoice {
  const next = how.manual === true ? after.next_payment_attempt : nextAttempt(step, after)
  const failed = step.put('invoices', { ...after, next_payment_attempt: next })
  const changed = difference(before, failed)
  if (changed !== undefined) emit(step, 'invoice.updated', failed, changed)
  return failed
}

/** First payments, and payments for a pending change only, are not retried automatically. */
function nextAttempt(step: Step, invoice: Invoice): number | null {
  const subscription = subscriptionOf(step, invoice)
  if (subscription === undefined || subscription.status === 'incomplete') return null
  if (isForPendingChange(step, invoice) || invoice.auto_advance !== true) return null
  const wait = step.settings.retryAfter[invoice.attempt_count - 1]
  return wait === undefined ? null : step.now + wait
}

function fallBehind(step: Step, failed: Invoice): void {
  const subscription = subscriptionOf(step, failed)
  if (subscription === undefined || isOver(subscription)) return
  if (subscription.status === 'incomplete') return
  const isLast = failed.next_payment_attempt === null
  const behind =
    subscription.status === 'active' || subscription.status === 'trialing'
      ? reviseSubscription(step, subscription, { status: 'past_due' })
      : subscription
  if (isLast) giveUp(step, behind, failed)
}

function giveUp(step: Step, subscription: Subscription, invoice: Invoice): void {
  // A failed call is not the last attempt while the retry schedule is running.
  if (invoice.attempt_count <= step.settings.retryAfter.length) return
  switch (step.settings.afterLastAttempt) {
    case 'cancel':
      endSubscription(step, subscription, 'payment_failed')
      return
    case 'unpaid':
      reviseSubscription(step, subscription, { status: 'unpaid' })
      return
    case 'past_due':
      return
    default:
      step.settings.afterLastAttempt satisfies never
  }
}
