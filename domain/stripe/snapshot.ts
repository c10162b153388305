import type { Interval } from '../calendar.ts'
import type {
  CollectionPause,
  Discount,
  ForeignItem,
  Status,
} from '../subscription/subscription.ts'

/**
 * The state of one subscription at Stripe at one moment. It is always read from the API, never from an event's payload.
 */
export type StripeSnapshot = {
  readonly session: SessionSnapshot | null
  readonly subscription: SubscriptionSnapshot | null
}

/** A payment page at Stripe. */
export type SessionSnapshot = {
  readonly id: string
  readonly status: 'open' | 'complete' | 'expired'
  readonly stripeSubscriptionId: string | null
  /** As typed on the checkout page. Personal data: it must not enter a workflow's history. */
  readonly email: string | null
}

/** Units of an add-on's price at Stripe. */
export type PricedAddon = { readonly priceId: string; readonly quantity: number }

/** A subscription at Stripe, or the fact that it does not exist. */
export type SubscriptionSnapshot =
  | { readonly kind: 'deleted'; readonly id: string }
  | {
      readonly kind: 'present'
      readonly id: string
      /** Null for a status that Stripe added later. The moved rest of a paid period is `active`: see `isMovedRest`. Operators see `rawStatus`. */
      readonly status: Status | null
      readonly rawStatus: string
      readonly priceId: string
      /** The item that is the plan. */
      readonly itemId: string
      readonly addons: readonly (PricedAddon & { readonly itemId: string })[]
      readonly foreignItems: readonly ForeignItem[]
      readonly quantity: number
      readonly discount: Discount | null
      readonly anchor: Date
      readonly period: Interval
      readonly trialEnd: Date | null
      /** When Stripe paused it; null when it is not paused. */
      readonly pausedAt: Date | null
      readonly cancelAt: Date | null
      readonly endedAt: Date | null
      /** The next change by a subscription schedule, if any. @see https://docs.stripe.com/billing/subscriptions/subscription-schedules */
      readonly scheduled: {
        readonly priceId: string
        readonly quantity: number
        readonly addons: readonly PricedAddon[]
        readonly at: Date
      } | null
      /** A change that Stripe applies once it is paid. @see https://docs.stripe.com/billing/subscriptions/pending-updates */
      readonly awaitingPayment: {
        readonly priceId: string
        readonly quantity: number
        readonly addons: readonly PricedAddon[]
        readonly until: Date
        readonly paymentUrl: string | null
      } | null
      readonly latestInvoice: InvoiceFacts | null
      /** Whether a bank still processes the payment of the latest invoice. */
      readonly isProcessing: boolean
      readonly collectionPause: Omit<CollectionPause, 'paidUntil'> | null
      /** The id of our subscription in its metadata. */
      readonly belongsTo: string | null
    }

/** The state of collecting an invoice. */
export const COLLECTIONS = [
  'none',
  'processing',
  'action_required',
  'declined',
  'collected',
] as const
export type Collection = (typeof COLLECTIONS)[number]

/** An invoice at Stripe. Amounts are in minor units. */
export type InvoiceSnapshot = {
  readonly id: string
  readonly number: string | null
  /** Stripe's status, or `deleted` for a deleted draft. */
  readonly status: string
  /**
   * Stripe's billing reason: `subscription_create`, `subscription_cycle`, `subscription_update`, …
   *
   * @see https://docs.stripe.com/api/invoices/object#invoice_object-billing_reason
   */
  readonly reason: string
  readonly currency: string
  /** Null for a mirrored invoice that an older build read last. */
  readonly amounts: InvoiceAmounts | null
  readonly amountDueMinor: number
  readonly amountPaidMinor: number
  /** The period that is paid for. */
  readonly period: Interval
  readonly collection: Collection
  /** Attempts on Stripe's schedule; manual attempts are not counted. */
  readonly attemptCount: number
  readonly nextPaymentAttempt: Date | null
  /** When an invoice that was sent has to be paid; null for one that is charged automatically, and before it is sent. */
  readonly dueAt: Date | null
  readonly hostedUrl: string | null
  readonly createdAt: Date
  readonly paidAt: Date | null
  /** Paid from the customer's balance at Stripe; negative when the invoice added to it. */
  readonly creditUsedMinor: number
  /** Credited by credit notes after the invoice was paid. */
  readonly creditedMinor: number
  /**
   * Whether it charges and credits nothing and none of its lines has an amount, although the subscription changed. Stripe makes
   * one when a paused subscription continues. The one of a trial's start is not meant: it confirms the trial.
   */
  readonly isEmpty: boolean
  /** Refunds and disputes; null if this reading did not ask for them. */
  readonly moneyBack: MoneyBack | null
}

/** The sums of an invoice, in minor units. The total is the subtotal less the discount, plus the taxes on top of prices. */
export type InvoiceAmounts = {
  /** Of all lines. */
  readonly subtotalMinor: number
  readonly discountMinor: number
  /** All taxes, also those that the prices include. */
  readonly taxMinor: number
  /** Negative when the invoice adds to the customer's credit. */
  readonly totalMinor: number
}

/** An invoice as letters name it. */
export type InvoiceFacts = Pick<
  InvoiceSnapshot,
  | 'id'
  | 'number'
  | 'reason'
  | 'status'
  | 'currency'
  | 'amounts'
  | 'amountDueMinor'
  | 'amountPaidMinor'
  | 'creditUsedMinor'
  | 'hostedUrl'
>

/** The refunds and the latest dispute of an invoice, in minor units. */
export type MoneyBack = {
  readonly refundedMinor: number
  /** Stripe's status of the latest dispute; null if there is none. */
  readonly disputeStatus: string | null
}
