import type Stripe from 'stripe'
import type {
  InvoiceSnapshot,
  SessionSnapshot,
  SubscriptionSnapshot,
} from '../../domain/stripe-snapshot.ts'
import { STATUSES } from '../../domain/subscription.ts'

type Present = Extract<SubscriptionSnapshot, { kind: 'present' }>

const instant = (seconds: number): Date => new Date(seconds * 1_000)
const instantOrNull = (seconds: number | null): Date | null =>
  seconds === null ? null : instant(seconds)

/** The id behind a field that may be expanded. */
export const idOf = (field: string | { id: string } | null | undefined): string | null =>
  field === null || field === undefined ? null : typeof field === 'string' ? field : field.id

export const snapshotOfSession = (session: Stripe.Checkout.Session): SessionSnapshot => ({
  id: session.id,
  status:
    session.status === 'complete' ? 'complete' : session.status === 'expired' ? 'expired' : 'open',
  stripeSubscriptionId: idOf(session.subscription),
  email: session.customer_details?.email ?? null,
})

/** @throws RangeError for a subscription without items: Stripe has none. */
export function snapshotOfSubscription(subscription: Stripe.Subscription): SubscriptionSnapshot {
  const item = subscription.items.data[0]
  if (item === undefined) throw new RangeError(`Stripe's ${subscription.id} has no item`)
  const periodEnd = instant(item.current_period_end)
  return {
    kind: 'present',
    id: subscription.id,
    status: STATUSES.find((known) => known === subscription.status) ?? null,
    rawStatus: subscription.status,
    priceId: item.price.id,
    anchor: instant(subscription.billing_cycle_anchor),
    period: { start: instant(item.current_period_start), end: periodEnd },
    trialEnd: instantOrNull(subscription.trial_end),
    // The portal sets `cancel_at`, older code the flag: either one is a pending cancellation.
    cancelAt:
      instantOrNull(subscription.cancel_at) ??
      (subscription.cancel_at_period_end ? periodEnd : null),
    endedAt: instantOrNull(subscription.ended_at),
    scheduled: scheduledOf(subscription, item),
    awaitingPayment: awaitingPaymentOf(subscription, item),
  }
}

/** What the schedule does next. It must have been read along (`expand`). */
function scheduledOf(
  { schedule }: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): Present['scheduled'] {
  if (schedule === null || typeof schedule === 'string') return null
  const presentEnd = schedule.current_phase?.end_date
  const next = schedule.phases.find((phase) => phase.start_date === presentEnd)
  const priceId = idOf(next?.items[0]?.price)
  if (next === undefined || priceId === null || priceId === item.price.id) return null
  return { priceId, at: instant(next.start_date) }
}

/** Stripe gives a bill 23 hours that a change or a resumption waits for. */
const AWAITED_SECONDS = 23 * 3_600

/** A change, or the end of a pause, that happens once its bill is paid. The bill must have been read along. */
function awaitingPaymentOf(
  { latest_invoice: invoice, pending_update: update, status }: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): Present['awaitingPayment'] {
  if (invoice === null || typeof invoice === 'string' || invoice.status !== 'open') return null
  if (update === null && status !== 'paused') return null
  return {
    priceId: update?.subscription_items?.[0]?.price.id ?? item.price.id,
    until: instant(update?.expires_at ?? invoice.created + AWAITED_SECONDS),
    paymentUrl: invoice.hosted_invoice_url ?? null,
  }
}

export function snapshotOfInvoice(invoice: Stripe.Invoice): InvoiceSnapshot | null {
  // A preview has no id, a new draft no status yet: neither is a bill.
  if (invoice.id === undefined || invoice.status === null) return null
  return {
    id: invoice.id,
    number: invoice.number,
    status: invoice.status,
    currency: invoice.currency,
    amountDueMinor: invoice.amount_due,
    amountPaidMinor: invoice.amount_paid,
    period: { start: instant(invoice.period_start), end: instant(invoice.period_end) },
    attemptCount: invoice.attempt_count,
    nextPaymentAttempt: instantOrNull(invoice.next_payment_attempt),
    hostedUrl: invoice.hosted_invoice_url ?? null,
    createdAt: instant(invoice.created),
  }
}
