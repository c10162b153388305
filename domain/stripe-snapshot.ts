import type { Interval } from './calendar.ts'
import type { Status } from './subscription.ts'

/**
 * What Stripe says of one subscription at one moment, in our words. Each part was read from Stripe for this purpose;
 * nothing comes from an event's payload.
 */
export type StripeSnapshot = {
  readonly session: SessionSnapshot | null
  readonly subscription: SubscriptionSnapshot | null
  readonly invoice: InvoiceSnapshot | null
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
    }

export type InvoiceSnapshot = {
  readonly id: string
  readonly number: string | null
  readonly status: string
  readonly currency: string
  readonly amountDueMinor: number
  readonly amountPaidMinor: number
  readonly period: Interval
  readonly attemptCount: number
  readonly nextPaymentAttempt: Date | null
  readonly hostedUrl: string | null
  readonly createdAt: Date
}
