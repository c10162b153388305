import type { InvoiceFacts } from '../stripe/snapshot.ts'
import { isOver, type Subscription } from '../subscription/subscription.ts'

/**
 * The start of a period that Stripe began before the end of the last one, as its dashboard does when it resets the billing cycle:
 * the quota window follows the period that was paid. A declined payment opens the window once it is made.
 *
 * A change of plan keeps the window, because changing back and forth would give quota for nothing; so does a period for which
 * nothing was paid, neither with a card nor from the customer's balance.
 *
 * @returns null if no such period was paid in this step
 */
export function paidRestart(
  before: Subscription,
  after: Subscription,
  invoice: InvoiceFacts | undefined,
): Date | null {
  if (invoice?.status !== 'paid' || invoice.reason !== 'subscription_update') return null
  if (invoice.amountPaidMinor + invoice.creditUsedMinor <= 0) return null
  if (after.status !== 'active' || before.planVersionId !== after.planVersionId) return null
  // At the start of every other period the windows end anyway.
  if (before.status === 'past_due' || before.status === 'unpaid') return after.period.start
  // A pause that left nothing: its period was credited, and the one after it was paid.
  if (before.status === 'paused' && before.pausedAt === null) return after.period.start
  if (isOver(before) || before.status !== 'active') return null
  const { start } = after.period
  if (isAnsweredByBank(before, after)) return start
  return before.period.start < start && start < before.period.end ? start : null
}

/** The bank has paid days after the period began. A change of the plan or its quantity begins none, and is pending until then. */
const isAnsweredByBank = (before: Subscription, after: Subscription): boolean =>
  before.paymentProcessing === 'later' &&
  after.paymentProcessing === null &&
  before.pendingChange === null &&
  before.quantity === after.quantity
