import type { SubscriptionId } from '../ids.ts'
import type { InvoiceSnapshot, MoneyBack } from '../stripe/snapshot.ts'
import { isLive, type Subscription } from '../subscription/subscription.ts'
import type { ChangeKind } from '../subscription/timeline.ts'

/** The mirror of one of Stripe's bills. */
export type Invoice = Omit<InvoiceSnapshot, 'moneyBack'> &
  MoneyBack & {
    readonly subscriptionId: SubscriptionId
    /** Counts the writes of this record; each write continues from the one before. */
    readonly observedSeq: number
  }

/** What `before` becomes now that Stripe says `snapshot`. What was not read this time stays. */
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

/** The bill of a first purchase: a person sits before Stripe's page, which tells them all that happens to it. */
export const isFirst = ({ reason }: Pick<Invoice, 'reason'>): boolean =>
  reason === 'subscription_create'

/** A bill for a period that followed another. */
export const isOfRenewal = ({ reason }: Pick<Invoice, 'reason'>): boolean =>
  reason === 'subscription_cycle'

/** How many of Stripe's attempts were declined or stopped for 3-D Secure; the last one may still be under way. */
export function failedAttempts(invoice: Pick<Invoice, 'collection' | 'attemptCount'>): number {
  const { collection, attemptCount } = invoice
  const lastFailed = collection === 'declined' || collection === 'action_required'
  return lastFailed ? attemptCount : Math.max(0, attemptCount - 1)
}

/** An entry of the timeline that a bill makes. The subscription itself did not change. */
export type InvoiceChange = { readonly kind: ChangeKind; readonly cause: string }

/** What became of a bill, in the order in which a person would tell it; nothing when it stayed. */
export function changesOfInvoice(before: Invoice | undefined, after: Invoice): InvoiceChange[] {
  const name = `invoice ${after.number ?? after.id}`
  const changes: InvoiceChange[] = []
  if (!isFirst(after)) {
    // The first attempt of a renewal shows as the subscription's own `payment_failed`.
    const told = Math.max(
      before === undefined ? 0 : failedAttempts(before),
      isOfRenewal(after) ? 1 : 0,
    )
    for (let attempt = told + 1; attempt <= failedAttempts(after); attempt++)
      changes.push({
        kind: attempt === 1 ? 'payment_failed' : 'payment_retry_failed',
        cause: `${name}, attempt ${attempt}`,
      })
    if (after.collection === 'action_required' && before?.collection !== 'action_required')
      changes.push({ kind: 'payment_action_required', cause: name })
  }
  const refunded = after.refundedMinor - (before?.refundedMinor ?? 0)
  const credited = after.creditedMinor - (before?.creditedMinor ?? 0)
  const amount = (minor: number) => `${name}, ${minor} ${after.currency} in minor units`
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

/** Stripe's words for a dispute that nothing more follows. */
const DISPUTE_OVER = ['won', 'lost', 'warning_closed', 'prevented']

/** Whether a bank is deciding over the payment of this bill; a word that Stripe adds later counts as that. */
export const isDisputed = ({ disputeStatus }: Pick<Invoice, 'disputeStatus'>): boolean =>
  disputeStatus !== null && !DISPUTE_OVER.includes(disputeStatus)

/**
 * Whether the bill shows something that the subscription does not yet. Usually it is about to be told by an event of its
 * own; if that one is lost, the bill tells it.
 */
export function isAhead(
  invoice: Pick<Invoice, 'status' | 'reason' | 'collection' | 'period'>,
  { status, period }: Pick<Subscription, 'status' | 'period'>,
): boolean {
  if (!isLive(status)) return false
  const paid = invoice.status === 'paid'
  if (paid && ['incomplete', 'past_due', 'unpaid'].includes(status)) return true
  if (!isOfRenewal(invoice)) return false
  const failed = invoice.collection === 'declined' || invoice.collection === 'action_required'
  if (!paid && failed && (status === 'active' || status === 'trialing')) return true
  return period !== null && invoice.period.start >= period.end
}
