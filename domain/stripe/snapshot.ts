import type { Interval } from '../calendar.ts'
import type { Discount, Status } from '../subscription/subscription.ts'

/**
 * What Stripe says of one subscription at one moment, in our words. Each part was read from Stripe for this purpose;
 * nothing comes from an event's payload.
 */
export type StripeSnapshot = {
  readonly session: SessionSnapshot | null
  readonly subscription: SubscriptionSnapshot | null
}

export type SessionSnapshot = {
  readonly id: string
  readonly status: 'open' | 'complete' | 'expired'
  readonly stripeSubscriptionId: string | null
  /** What the person typed on the page; for the customer's row alone, never for a workflow's history. */
  readonly email: string | null
}

export type SubscriptionSnapshot =
  | { readonly kind: 'deleted'; readonly id: string }
  | {
      readonly kind: 'present'
      readonly id: string
      /** Null for a status that Stripe added after this was written: it is shown to operators, not guessed. */
      readonly status: Status | null
      readonly rawStatus: string
      readonly priceId: string
      readonly quantity: number
      readonly discount: Discount | null
      readonly anchor: Date
      readonly period: Interval
      readonly trialEnd: Date | null
      readonly cancelAt: Date | null
      readonly endedAt: Date | null
      /** What a schedule turns the subscription into next; null when it has none, or nothing changes. */
      readonly scheduled: { readonly priceId: string; readonly at: Date } | null
      /** A change that Stripe holds back until it is paid. */
      readonly awaitingPayment: {
        readonly priceId: string
        readonly until: Date
        readonly paymentUrl: string | null
      } | null
      readonly latestInvoiceId: string | null
      /** The subscription of ours that it names. */
      readonly belongsTo: string | null
    }

/** How the collection of a bill stands, in our words. */
export const COLLECTIONS = [
  'none',
  'processing',
  'action_required',
  'declined',
  'collected',
] as const
export type Collection = (typeof COLLECTIONS)[number]

export type InvoiceSnapshot = {
  readonly id: string
  readonly number: string | null
  /** Stripe's word, or `deleted` for a draft that is there no more. */
  readonly status: string
  /** Why there is a bill: `subscription_create`, `subscription_cycle`, `subscription_update`, … */
  readonly reason: string
  readonly currency: string
  readonly amountDueMinor: number
  readonly amountPaidMinor: number
  /** The time that is paid for. */
  readonly period: Interval
  readonly collection: Collection
  /** Attempts of Stripe's own schedule; what a person tries by hand is not counted. */
  readonly attemptCount: number
  readonly nextPaymentAttempt: Date | null
  readonly hostedUrl: string | null
  readonly createdAt: Date
  readonly paidAt: Date | null
  /** Taken back by credit notes after the bill was paid. */
  readonly creditedMinor: number
  /** What went back to the card; null when it was not asked for in this reading. */
  readonly moneyBack: MoneyBack | null
}

export type MoneyBack = {
  readonly refundedMinor: number
  /** Stripe's word for the latest dispute; null when there is none. */
  readonly disputeStatus: string | null
}
