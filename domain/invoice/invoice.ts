import type { SubscriptionId } from '../ids.ts'
import { formatMoney, money } from '../money.ts'
import type { InvoiceSnapshot, MoneyBack } from '../stripe/snapshot.ts'
import { isLive, type Subscription } from '../subscription/subscription.ts'
import type { ChangeKind } from '../subscription/timeline.ts'

/** The mirror of one of Stripe's invoices. */
export type Invoice = Omit<InvoiceSnapshot, 'moneyBack'> &
  MoneyBack & {
    readonly subscriptionId: SubscriptionId
    /** Counts the writes of this record, by one each time. */
    readonly observedSeq: number
  }

/** Applies a snapshot to the mirror. Refunds and disputes stay as they are if this reading did not ask for them. */
export function applyInvoiceSnapshot(
  before: Invoice | undefined,
  { moneyBack, ...snapshot }: InvoiceSnapshot,
  subscriptionId: SubscriptionId,
): Invoice {
  return {
    ...snapshot,
    refundedMinor: moneyBack?.refundedMinor ?? before?.refundedMinor ?? 0,
    disputeStatus: moneyBack === null ? (before?.disputeStatus ?? null) : moneyBack.disputeStatus,
    subscriptionId,
    observedSeq: (before?.observedSeq ?? 0) + 1,
  }
}

/** The invoice of a first purchase. The customer pays it on Stripe's page, which already shows every outcome. */
export const isFirst = ({ reason }: Pick<Invoice, 'reason'>): boolean =>
  reason === 'subscription_create'

/** The invoice of a period after the first. */
export const isOfRenewal = ({ reason }: Pick<Invoice, 'reason'>): boolean =>
  reason === 'subscription_cycle'

/** @returns how many attempts were declined or stopped for 3-D Secure; the last one may still be in progress. */
export function failedAttempts(invoice: Pick<Invoice, 'collection' | 'attemptCount'>): number {
  const { attemptCount } = invoice
  return hasFailed(invoice) ? attemptCount : Math.max(0, attemptCount - 1)
}

const hasFailed = ({ collection }: Pick<Invoice, 'collection'>): boolean =>
  collection === 'declined' || collection === 'action_required'

/** A timeline entry about an invoice. The subscription itself did not change. */
export type InvoiceChange = { readonly kind: ChangeKind; readonly cause: string }

/** @returns the timeline entries for what changed in the invoice, oldest first; empty if nothing did. */
export function changesOfInvoice(
  before: Invoice | undefined,
  after: Invoice,
  { endedAt }: Pick<Subscription, 'endedAt'>,
): InvoiceChange[] {
  const name = `invoice ${after.number ?? after.id}`
  const changes: InvoiceChange[] = []
  if (!isFirst(after)) {
    // The first failure of a renewal is already the subscription's own `payment_failed` entry.
    const known = Math.max(
      before === undefined ? 0 : failedAttempts(before),
      isOfRenewal(after) ? 1 : 0,
    )
    for (let attempt = known + 1; attempt <= failedAttempts(after); attempt++)
      changes.push({
        kind: attempt === 1 ? 'payment_failed' : 'payment_retry_failed',
        cause: `${name}, attempt ${attempt}`,
      })
    if (after.collection === 'action_required' && before?.collection !== 'action_required')
      changes.push({ kind: 'payment_action_required', cause: name })
  }
  const refunded = after.refundedMinor - (before?.refundedMinor ?? 0)
  const credited = after.creditedMinor - (before?.creditedMinor ?? 0)
  const amount = (minor: number) => `${name}, ${formatMoney(money(minor, after.currency), 'en')}`
  const isPaidNow = after.status === 'paid' && before?.status !== 'paid' && after.paidAt !== null
  // The last invoice of a cancellation is made at the end and expected.
  if (isPaidNow && endedAt !== null && after.createdAt < endedAt && after.paidAt >= endedAt)
    changes.push({ kind: 'paid_after_end', cause: amount(after.amountPaidMinor) })
  if (refunded > 0) changes.push({ kind: 'payment_refunded', cause: amount(refunded) })
  if (refunded < 0) changes.push({ kind: 'refund_failed', cause: amount(-refunded) })
  if (credited > 0) changes.push({ kind: 'invoice_credited', cause: amount(credited) })
  const isContested = isDisputed(after)
  if (isContested !== (before !== undefined && isDisputed(before)))
    changes.push({
      kind: isContested ? 'dispute_opened' : 'dispute_closed',
      cause: `${name}, ${after.disputeStatus ?? 'withdrawn'}`,
    })
  return changes
}

/** Final statuses of a dispute. @see https://docs.stripe.com/api/disputes/object#dispute_object-status */
const DISPUTE_OVER = ['won', 'lost', 'warning_closed', 'prevented']

/** @returns true while a dispute is open. A status that Stripe adds later counts as open. */
export const isDisputed = ({ disputeStatus }: Pick<Invoice, 'disputeStatus'>): boolean =>
  disputeStatus !== null && !DISPUTE_OVER.includes(disputeStatus)

/**
 * @returns true if the invoice shows a change that the subscription does not show yet. Usually an event of its own is on
 * its way; if that event is lost, this detects the change.
 */
export function isAhead(
  invoice: Pick<Invoice, 'status' | 'reason' | 'collection' | 'period'>,
  {
    status,
    period,
    paymentProcessing,
  }: Pick<Subscription, 'status' | 'period' | 'paymentProcessing'>,
): boolean {
  if (!isLive(status)) return false
  // Stripe announces this by an event of the payment alone.
  if (invoice.collection === 'processing') return paymentProcessing === null
  const paid = invoice.status === 'paid'
  if (paid && ['incomplete', 'past_due', 'unpaid'].includes(status)) return true
  // The bank's answer to a later payment changes nothing else of an active subscription, so no other event says it.
  if (paid && paymentProcessing === 'later') return true
  if (!isOfRenewal(invoice)) return false
  if (!paid && hasFailed(invoice) && (status === 'active' || status === 'trialing')) return true
  return period !== null && invoice.period.start >= period.end
}
