import { periodOf } from '../objects/subscription.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { reviseSubscription } from './changes.ts'
import { draftInvoice, finalizeInvoice } from './invoicing.ts'
import { keepItems, pendingLines } from './pending-items.ts'
import { creditFor } from './proration.ts'
import { removedUsageLines } from './usage.ts'

type How = {
  readonly creditsFrom: 'item_current_period_start' | 'none' | 'now'
  /** Whether usage so far is invoiced. */
  readonly invoicesUsage: boolean
  readonly invoicesNow: boolean
}

/** A paused subscription creates no invoices and opens no periods until it is resumed. */
export function pauseSubscription(step: Step, row: Subscription, how: How): Subscription {
  creditUnused(step, row, how)
  return markPaused(step, row, 'pause_requested')
}

type Cause = 'pause_requested' | 'trial_end_without_payment_method' | 'final_payment_failure'

/**
 * Sets the status `paused` with its cause, and announces it.
 * @see https://docs.stripe.com/billing/subscriptions/pause
 */
export function markPaused(step: Step, row: Subscription, type: Cause): Subscription {
  const paused = reviseSubscription(step, step.find('subscriptions', row.id) ?? row, {
    status: 'paused',
    status_details: {
      paused: { subscription: { type }, transitioned_at: step.now, type: 'subscription' },
    },
  })
  emit(step, 'customer.subscription.paused', paused)
  return paused
}

function creditUnused(
  step: Step,
  row: Subscription,
  { creditsFrom, invoicesUsage, invoicesNow }: How,
): void {
  if (row.status === 'trialing') return
  const items = row.items.data
  const at = creditsFrom === 'now' ? step.now : periodOf(row).start
  const credits = items.map((item) => creditFor(step, row, { item, at }))
  const usage = invoicesUsage ? removedUsageLines(step, row, []) : []
  keepItems(step, row, [
    ...(creditsFrom === 'none' ? [] : credits.filter(({ amount }) => amount !== 0)),
    ...usage,
  ])
  if (!invoicesNow) return
  const lines = pendingLines(step, row)
  if (lines.length === 0) return
  const reason = 'subscription_update'
  const credited = { subscription: row, lines, period: periodOf(row), reason } as const
  const invoice = finalizeInvoice(step, draftInvoice(step, credited))
  step.put('subscriptions', { ...row, latest_invoice: invoice.id })
}
