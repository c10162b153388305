import type Stripe from 'stripe'
import type { Interval } from '../../../domain/calendar.ts'
import type {
  Collection,
  InvoiceSnapshot,
  SessionSnapshot,
  SubscriptionSnapshot,
} from '../../../domain/stripe/snapshot.ts'
import { METADATA_SUBSCRIPTION } from '../sdk/metadata.ts'
import { STATUSES, type Discount } from '../../../domain/subscription/subscription.ts'

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
    quantity: item.quantity ?? 1,
    discount: discountOf(subscription),
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
    latestInvoiceId: idOf(subscription.latest_invoice),
    belongsTo: subscription.metadata[METADATA_SUBSCRIPTION] ?? null,
  }
}

/** The first of its discounts: we never give two. They must have been read along (`expand`). */
function discountOf({ discounts }: Stripe.Subscription): Discount | null {
  const [discount] = discounts
  if (discount === undefined || typeof discount === 'string') return null
  const { promotion_code: code, source, end } = discount
  const { coupon } = source
  const isRead = coupon !== null && typeof coupon !== 'string'
  return {
    couponId: idOf(coupon) ?? 'unknown',
    promotionCode: code === null || typeof code === 'string' ? null : code.code,
    percentOff: isRead ? coupon.percent_off : null,
    amountOffMinor: isRead ? coupon.amount_off : null,
    currency: isRead ? coupon.currency : null,
    endsAt: instantOrNull(end),
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

/** What a bill's collection waits for. The payment tells: an open bill alone looks the same before and after a decline. */
export function collectionOf(
  { status }: Stripe.Invoice,
  intents: readonly Stripe.PaymentIntent[],
): Collection {
  const latest = intents.toSorted((a, b) => b.created - a.created)[0]
  if (status === 'paid') return 'collected'
  if (latest === undefined) return 'none'
  if (latest.status === 'succeeded') return 'collected'
  if (latest.status === 'processing') return 'processing'
  if (latest.status === 'requires_action') return 'action_required'
  const refusal = latest.last_payment_error
  if (refusal === null) return 'none'
  // Off session the bank's wish for 3-D Secure comes as a decline.
  return refusal.code === 'authentication_required' ? 'action_required' : 'declined'
}

export function snapshotOfInvoice(
  invoice: Stripe.Invoice,
  { collection, moneyBack }: Pick<InvoiceSnapshot, 'collection' | 'moneyBack'>,
): InvoiceSnapshot {
  return {
    id: invoice.id,
    number: invoice.number,
    // One that is being made has no status yet.
    status: invoice.status ?? 'draft',
    reason: invoice.billing_reason ?? 'unknown',
    currency: invoice.currency,
    amountDueMinor: invoice.amount_due,
    amountPaidMinor: invoice.amount_paid,
    period: servicePeriodOf(invoice),
    collection,
    attemptCount: invoice.attempt_count,
    nextPaymentAttempt: instantOrNull(invoice.next_payment_attempt),
    hostedUrl: invoice.hosted_invoice_url ?? null,
    createdAt: instant(invoice.created),
    paidAt: instantOrNull(invoice.status_transitions.paid_at),
    creditedMinor: invoice.post_payment_credit_notes_amount,
    moneyBack,
  }
}

/** The latest time among the lines: the bill's own period is the one before, in which things were added to it. */
function servicePeriodOf(invoice: Stripe.Invoice): Interval {
  const own = { start: invoice.period_start, end: invoice.period_end }
  const period = latestLineOf(invoice)?.period ?? own
  const latest = period.end > own.end ? period : own
  return { start: instant(latest.start), end: instant(latest.end) }
}

/** What the latest time of a bill is sold for. Its subscription may have another price already, or not yet. */
export const priceOfInvoice = (invoice: Stripe.Invoice): string | null =>
  idOf(latestLineOf(invoice)?.pricing?.price_details?.price)

const latestLineOf = ({ lines }: Stripe.Invoice): Stripe.InvoiceLineItem | undefined =>
  lines.data.reduce<Stripe.InvoiceLineItem | undefined>(
    (a, b) => (a === undefined || b.period.end > a.period.end ? b : a),
    undefined,
  )
