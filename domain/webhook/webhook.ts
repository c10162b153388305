import {
  failedAttempts,
  isFirst,
  isOfRenewal,
  type InvoiceChange,
  type Invoice,
} from '../invoice/invoice.ts'
import { invoiceFact } from '../keys.ts'
import { isoOrNever } from '../usage/quota-window.ts'
import type { Change, ChangeKind } from '../subscription/timeline.ts'
import type { UsageAlert } from '../usage/alert.ts'

/** All types of webhooks. A type is never renamed; receivers must expect new ones. */
export const WEBHOOK_TYPES = [
  'subscription.created',
  'checkout.opened',
  'checkout.expired',
  'subscription.imported',
  'subscription.activated',
  'subscription.trial_started',
  'subscription.trial_extended',
  'subscription.trial_ending',
  'subscription.renewed',
  'subscription.past_due',
  'subscription.recovered',
  'subscription.access_ended',
  'subscription.plan_changed',
  'subscription.plan_change_scheduled',
  'subscription.plan_change_awaits_payment',
  'subscription.plan_change_withdrawn',
  'subscription.plan_change_lapsed',
  'subscription.plan_change_dropped',
  'subscription.quantity_changed',
  'subscription.addons_changed',
  'subscription.cancellation_scheduled',
  'subscription.cancellation_withdrawn',
  'subscription.paused',
  'subscription.resumed',
  'subscription.updated',
  'subscription.expired',
  'subscription.canceled',
  'customer.updated',
  'quota.threshold_reached',
  'quota.granted',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.refunded',
  'invoice.refund_failed',
  'invoice.credited',
  'invoice.dispute_opened',
  'invoice.dispute_closed',
] as const
export type WebhookType = (typeof WEBHOOK_TYPES)[number]

/** The content of a webhook. `fact` identifies an event that has no timeline entry. */
export type WebhookContent = {
  readonly type: WebhookType
  readonly fact?: string
  readonly about?: { readonly invoice: InvoiceAbout } | { readonly quota: QuotaAbout }
}

/** The webhook type of each timeline entry; null for entries that only operators see. */
const TYPE_OF: Record<ChangeKind, WebhookType | null> = {
  checkout_opened: 'checkout.opened',
  checkout_expired: 'checkout.expired',
  imported: 'subscription.imported',
  activated: 'subscription.activated',
  trial_started: 'subscription.trial_started',
  renewed: 'subscription.renewed',
  payment_failed: 'subscription.past_due',
  payment_retry_failed: 'invoice.payment_failed',
  payment_action_required: 'invoice.payment_action_required',
  recovered: 'subscription.recovered',
  access_ended: 'subscription.access_ended',
  // Its webhook is `invoice.paid`.
  paid_after_end: null,
  payment_refunded: 'invoice.refunded',
  refund_failed: 'invoice.refund_failed',
  invoice_credited: 'invoice.credited',
  dispute_opened: 'invoice.dispute_opened',
  dispute_closed: 'invoice.dispute_closed',
  plan_changed: 'subscription.plan_changed',
  quantity_changed: 'subscription.quantity_changed',
  addons_changed: 'subscription.addons_changed',
  cancellation_scheduled: 'subscription.cancellation_scheduled',
  cancellation_withdrawn: 'subscription.cancellation_withdrawn',
  plan_change_scheduled: 'subscription.plan_change_scheduled',
  plan_change_awaits_payment: 'subscription.plan_change_awaits_payment',
  plan_change_withdrawn: 'subscription.plan_change_withdrawn',
  plan_change_lapsed: 'subscription.plan_change_lapsed',
  plan_change_dropped: 'subscription.plan_change_dropped',
  paused: 'subscription.paused',
  resumed: 'subscription.resumed',
  trial_extended: 'subscription.trial_extended',
  trial_ending: 'subscription.trial_ending',
  expired: 'subscription.expired',
  canceled: 'subscription.canceled',
  status_changed: 'subscription.updated',
  payment_processing: 'subscription.updated',
  payment_refused_by_bank: 'subscription.updated',
  collection_paused: 'subscription.updated',
  collection_resumed: 'subscription.updated',
  quota_threshold: 'quota.threshold_reached',
  granted: 'quota.granted',
  customer_updated: 'customer.updated',
  drifted: null,
}

/** The webhook of a timeline entry of the subscription itself; null for none. */
export function webhookOfChange({ kind }: Change, alert: UsageAlert | null): WebhookContent | null {
  const type = TYPE_OF[kind]
  if (type === null) return null
  return kind === 'quota_threshold' && alert !== null
    ? { type, about: { quota: quotaAbout(alert) } }
    : { type }
}

/** The webhook of a timeline entry about an invoice; null for none. */
export function webhookOfInvoiceChange(
  { kind }: InvoiceChange,
  invoice: Invoice,
): WebhookContent | null {
  // As a subscription's entry it means `past_due`; as an invoice's entry, a failed attempt to collect.
  const type = kind === 'payment_failed' ? 'invoice.payment_failed' : TYPE_OF[kind]
  return type && { type, about: { invoice: invoiceAbout(invoice) } }
}

/** The webhooks of an invoice without a timeline entry: it was paid, or a renewal was declined for the first time. */
export function webhooksOfInvoice(
  before: Invoice | undefined,
  after: Invoice,
): (WebhookContent & { readonly cause: string })[] {
  const webhook = (type: WebhookType, fact: string) => ({
    type,
    fact: invoiceFact(after.id, fact),
    about: { invoice: invoiceAbout(after) },
    cause: `invoice ${after.number ?? after.id}`,
  })
  const wasDeclined = before !== undefined && failedAttempts(before) > 0
  const isDeclined = !isFirst(after) && isOfRenewal(after) && failedAttempts(after) > 0
  return [
    ...(isDeclined && !wasDeclined ? [webhook('invoice.payment_failed', 'declined_1')] : []),
    ...(after.status === 'paid' && before?.status !== 'paid'
      ? [webhook('invoice.paid', 'paid')]
      : []),
  ]
}

/** An invoice in the body of a webhook. */
export type InvoiceAbout = {
  readonly id: string
  readonly number: string | null
  readonly status: string
  readonly reason: string
  readonly currency: string
  /** The sums are null for an invoice that an older build read last. */
  readonly subtotal_minor: number | null
  readonly discount_minor: number | null
  readonly tax_minor: number | null
  readonly total_minor: number | null
  readonly amount_due_minor: number
  readonly amount_paid_minor: number
  readonly amount_refunded_minor: number
  readonly amount_credited_minor: number
  readonly attempt_count: number
  readonly next_payment_attempt: string | null
  readonly due_at: string | null
  readonly hosted_url: string | null
  readonly dispute_status: string | null
}

const invoiceAbout = (invoice: Invoice): InvoiceAbout => ({
  id: invoice.id,
  number: invoice.number,
  status: invoice.status,
  reason: invoice.reason,
  currency: invoice.currency,
  subtotal_minor: invoice.amounts?.subtotalMinor ?? null,
  discount_minor: invoice.amounts?.discountMinor ?? null,
  tax_minor: invoice.amounts?.taxMinor ?? null,
  total_minor: invoice.amounts?.totalMinor ?? null,
  amount_due_minor: invoice.amountDueMinor,
  amount_paid_minor: invoice.amountPaidMinor,
  amount_refunded_minor: invoice.refundedMinor,
  amount_credited_minor: invoice.creditedMinor,
  attempt_count: invoice.attemptCount,
  next_payment_attempt: invoice.nextPaymentAttempt?.toISOString() ?? null,
  due_at: invoice.dueAt?.toISOString() ?? null,
  hosted_url: invoice.hostedUrl,
  dispute_status: invoice.disputeStatus,
})

/** A usage threshold in the body of a webhook. */
export type QuotaAbout = {
  readonly feature: string
  readonly threshold_percent: number
  readonly used_amount: number
  readonly quota_limit: number
  readonly resets_at: string | null
}

const quotaAbout = (alert: UsageAlert): QuotaAbout => ({
  feature: alert.feature,
  threshold_percent: alert.threshold,
  used_amount: alert.usedAmount,
  quota_limit: alert.quotaLimit,
  resets_at: isoOrNever(alert.windowEnd),
})
