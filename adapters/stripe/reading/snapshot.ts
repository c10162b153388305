import type Stripe from 'stripe'
import type { Interval } from '../../../domain/calendar.ts'
import type {
  Collection,
  InvoiceFacts,
  InvoiceSnapshot,
  PricedAddon,
  SessionSnapshot,
  SubscriptionSnapshot,
} from '../../../domain/stripe/snapshot.ts'
import {
  STATUSES,
  type Discount,
  type ForeignItem,
} from '../../../domain/subscription/subscription.ts'
import { METADATA_PAID_UNTIL, METADATA_SUBSCRIPTION } from '../sdk/metadata.ts'
import { fromStripeTime } from '../sdk/time.ts'
import { idOf } from './ids.ts'
import { addonItemsOf, foreignItemsOf, planItemOf, type KnownPrices } from './plan-item.ts'

type Present = Extract<SubscriptionSnapshot, { kind: 'present' }>

const timeOrNull = (seconds: number | null): Date | null =>
  seconds === null ? null : fromStripeTime(seconds)

/**
 * A checkout session. A status that Stripe adds later counts as open.
 *
 * @see https://docs.stripe.com/api/checkout/sessions/object
 */
export const snapshotOfSession = (session: Stripe.Checkout.Session): SessionSnapshot => ({
  id: session.id,
  status:
    session.status === 'complete' ? 'complete' : session.status === 'expired' ? 'expired' : 'open',
  stripeSubscriptionId: idOf(session.subscription),
  email: session.customer_details?.email ?? null,
})

/** Facts that a subscription's own object lacks. */
type Beside = {
  /** Those of its prices that are prices of plans and add-ons here. */
  readonly planPrices: KnownPrices
  /** As `isPaymentProcessing` returns it. */
  readonly isProcessing: boolean
}

/**
 * @param subscription with its schedule, latest invoice and discounts expanded
 * @throws RangeError for a subscription without items, which Stripe does not have
 * @see https://docs.stripe.com/api/subscriptions/object
 */
export function snapshotOfSubscription(
  subscription: Stripe.Subscription,
  { planPrices, isProcessing }: Beside,
): SubscriptionSnapshot {
  const item = planItemOf(subscription.items.data, planPrices)
  if (item === undefined) throw new RangeError(`Stripe's ${subscription.id} has no item`)
  const periodEnd = fromStripeTime(item.current_period_end)
  return {
    kind: 'present',
    id: subscription.id,
    status: isPaidRest(subscription)
      ? 'active'
      : (STATUSES.find((known) => known === subscription.status) ?? null),
    rawStatus: subscription.status,
    priceId: item.price.id,
    itemId: item.id,
    addons: addonItemsOf(subscription.items.data, planPrices)
      .filter(({ id }) => id !== item.id)
      .map(({ id, priceId, quantity }) => ({ itemId: id, priceId, quantity })),
    foreignItems: foreignItemsOf(subscription.items.data, planPrices)
      .filter((each) => each !== item)
      .map(foreignItem),
    quantity: item.quantity ?? 1,
    discount: discountOf(subscription),
    anchor: fromStripeTime(subscription.billing_cycle_anchor),
    period: { start: fromStripeTime(item.current_period_start), end: periodEnd },
    trialEnd: timeOrNull(subscription.trial_end),
    pausedAt:
      subscription.status === 'paused'
        ? timeOrNull(subscription.status_details?.paused.transitioned_at ?? null)
        : null,
    // The customer portal sets `cancel_at`, older code sets the flag. Either one is a scheduled cancellation.
    cancelAt:
      timeOrNull(subscription.cancel_at) ?? (subscription.cancel_at_period_end ? periodEnd : null),
    endedAt: timeOrNull(subscription.ended_at),
    scheduled: scheduledOf(subscription, item, planPrices),
    awaitingPayment: awaitingPaymentOf(subscription, item, { planPrices, isProcessing }),
    latestInvoice: latestInvoiceOf(subscription),
    isProcessing,
    collectionPause: subscription.pause_collection && {
      behavior: subscription.pause_collection.behavior,
      resumesAt: timeOrNull(subscription.pause_collection.resumes_at),
    },
    belongsTo: subscription.metadata[METADATA_SUBSCRIPTION] ?? null,
  }
}

/** Whether this trial is time that was paid before a pause: see `resume`. */
const isPaidRest = ({ status, trial_end: end, metadata }: Stripe.Subscription): boolean =>
  status === 'trialing' && end !== null && metadata[METADATA_PAID_UNTIL] === String(end)

/** Its product is named if it is expanded. */
function foreignItem({ id, price, quantity }: Stripe.SubscriptionItem): ForeignItem {
  const { product } = price
  const isNamed = typeof product !== 'string' && product.deleted !== true
  return {
    stripeItemId: id,
    stripePriceId: price.id,
    productName: isNamed ? product.name : null,
    quantity: quantity ?? 1,
    unitAmountMinor: price.unit_amount,
    currency: price.currency,
  }
}

/** The invoice must be expanded. */
const latestInvoiceOf = ({ latest_invoice: invoice }: Stripe.Subscription): InvoiceFacts | null =>
  invoice === null || typeof invoice === 'string' ? null : factsOfInvoice(invoice)

/** The first discount: we never give two. Discounts must be expanded. */
function discountOf({ discounts }: Stripe.Subscription): Discount | null {
  const [discount] = discounts
  if (discount === undefined || typeof discount === 'string') return null
  const { promotion_code: code, source, end } = discount
  const { coupon } = source
  const isExpanded = coupon !== null && typeof coupon !== 'string'
  return {
    couponId: idOf(coupon) ?? 'unknown',
    promotionCode: code === null || typeof code === 'string' ? null : code.code,
    percentOff: isExpanded ? coupon.percent_off : null,
    amountOffMinor: isExpanded ? coupon.amount_off : null,
    currency: isExpanded ? coupon.currency : null,
    endsAt: timeOrNull(end),
  }
}

/** The next phase of the schedule, which must be expanded. */
function scheduledOf(
  { schedule, items }: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  planPrices: KnownPrices,
): Present['scheduled'] {
  if (schedule === null || typeof schedule === 'string') return null
  const currentEnd = schedule.current_phase?.end_date
  const next = schedule.phases.find((phase) => phase.start_date === currentEnd)
  const nextItem = planItemOf(next?.items ?? [], planPrices)
  const priceId = idOf(nextItem?.price)
  if (next === undefined || priceId === null) return null
  const quantity = nextItem?.quantity ?? 1
  const addons = pricedAddons(next.items, planPrices)
  const isSame =
    priceId === item.price.id &&
    quantity === (item.quantity ?? 1) &&
    isSameList(addons, pricedAddons(items.data, planPrices))
  return isSame ? null : { priceId, quantity, addons, at: fromStripeTime(next.start_date) }
}

/** The add-ons among these items, in the order of their prices. */
const pricedAddons = (
  items: Parameters<typeof addonItemsOf>[0],
  planPrices: KnownPrices,
): PricedAddon[] =>
  addonItemsOf(items, planPrices)
    .map(({ priceId, quantity }) => ({ priceId, quantity }))
    .toSorted((a, b) => (a.priceId < b.priceId ? -1 : 1))

const isSameList = (a: readonly PricedAddon[], b: readonly PricedAddon[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/**
 * Stripe waits this long for the payment of a plan change or a resumption.
 * @see https://docs.stripe.com/billing/subscriptions/pending-updates
 */
const PAYMENT_WAIT_SECONDS = 23 * 3_600

/** A plan change or resumption that happens once its invoice is paid. The invoice must be expanded. */
function awaitingPaymentOf(
  { latest_invoice: invoice, pending_update: update, status, items }: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  { planPrices, isProcessing }: Beside,
): Present['awaitingPayment'] {
  if (invoice === null || typeof invoice === 'string' || invoice.status !== 'open') return null
  if (update === null && status !== 'paused') return null
  const next = planItemOf(update?.subscription_items ?? [], planPrices) ?? item
  return {
    priceId: next.price.id,
    quantity: next.quantity ?? 1,
    addons: pricedAddons(update?.subscription_items ?? items.data, planPrices),
    until: fromStripeTime(update?.expires_at ?? invoice.created + PAYMENT_WAIT_SECONDS),
    // While the bank processes the payment, nobody pays a second time.
    paymentUrl: isProcessing ? null : (invoice.hosted_invoice_url ?? null),
  }
}

/**
 * @returns the state of an invoice's collection. The newest payment decides, because an open invoice looks the same before and
 * after a decline.
 *
 * @see https://docs.stripe.com/payments/paymentintents/lifecycle
 */
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
  // When the customer is absent, a request for 3-D Secure arrives as a decline.
  return refusal.code === 'authentication_required' ? 'action_required' : 'declined'
}

/** @see https://docs.stripe.com/api/invoices/object */
export function snapshotOfInvoice(
  invoice: Stripe.Invoice,
  { collection, moneyBack }: Pick<InvoiceSnapshot, 'collection' | 'moneyBack'>,
): InvoiceSnapshot {
  return {
    ...factsOfInvoice(invoice),
    period: servicePeriodOf(invoice),
    collection,
    attemptCount: invoice.attempt_count,
    nextPaymentAttempt: timeOrNull(invoice.next_payment_attempt),
    dueAt: invoice.collection_method === 'send_invoice' ? timeOrNull(invoice.due_date) : null,
    createdAt: fromStripeTime(invoice.created),
    paidAt: timeOrNull(invoice.status_transitions.paid_at),
    creditedMinor: invoice.post_payment_credit_notes_amount,
    isEmpty: isEmpty(invoice),
    moneyBack,
  }
}

const isEmpty = ({ billing_reason: reason, total, lines }: Stripe.Invoice): boolean =>
  reason === 'subscription_update' && total === 0 && lines.data.every(({ amount }) => amount === 0)

const factsOfInvoice = (invoice: Stripe.Invoice): InvoiceFacts => ({
  id: invoice.id,
  number: invoice.number,
  // An invoice that Stripe is still creating has no status yet.
  status: invoice.status ?? 'draft',
  reason: invoice.billing_reason ?? 'unknown',
  currency: invoice.currency,
  amounts: {
    subtotalMinor: invoice.subtotal,
    discountMinor: sumOf(invoice.total_discount_amounts),
    taxMinor: sumOf(invoice.total_taxes),
    totalMinor: invoice.total,
  },
  amountDueMinor: invoice.amount_due,
  amountPaidMinor: invoice.amount_paid,
  creditUsedMinor: creditUsed(invoice),
  hostedUrl: invoice.hosted_invoice_url ?? null,
})

const sumOf = (parts: readonly { readonly amount: number }[] | null): number =>
  (parts ?? []).reduce((sum, { amount }) => sum + amount, 0)

/** A negative balance is credit; a draft has not used any yet. @see https://docs.stripe.com/billing/customer/balance */
const creditUsed = ({ starting_balance: start, ending_balance: end }: Stripe.Invoice): number =>
  end === null ? 0 : Math.min(0, end) - Math.min(0, start)

/** The latest period among the lines. The invoice's own period is the previous one, in which its items were added. */
function servicePeriodOf(invoice: Stripe.Invoice): Interval {
  const own = { start: invoice.period_start, end: invoice.period_end }
  const period = latestLineOf(invoice)?.period ?? own
  const latest = period.end > own.end ? period : own
  return { start: fromStripeTime(latest.start), end: fromStripeTime(latest.end) }
}

/** The prices of the latest period on an invoice. The subscription's current prices may differ. */
export function pricesOfInvoice(invoice: Stripe.Invoice): string[] {
  const end = latestLineOf(invoice)?.period.end
  return invoice.lines.data
    .filter(({ period }) => period.end === end)
    .map(({ pricing }) => idOf(pricing?.price_details?.price))
    .filter((id) => id !== null)
}

const latestLineOf = ({ lines }: Stripe.Invoice): Stripe.InvoiceLineItem | undefined =>
  lines.data.reduce<Stripe.InvoiceLineItem | undefined>(
    (a, b) => (a === undefined || b.period.end > a.period.end ? b : a),
    undefined,
  )
