import type { Insertable } from 'kysely'
import { subscriptionId } from '../../../domain/ids.ts'
import type { Invoice } from '../../../domain/invoice/invoice.ts'
import type { InvoiceAmounts } from '../../../domain/stripe/snapshot.ts'
import type { InvoicesTable, Row } from './schema.ts'

/** The invoice of a row. Amounts are in minor units. */
export const invoiceFromRow = (row: Row<'invoices'>): Invoice => ({
  id: row.id,
  subscriptionId: subscriptionId(row.subscription_id),
  number: row.number,
  status: row.status,
  reason: row.billing_reason,
  currency: row.currency,
  amounts: amountsFromRow(row),
  amountDueMinor: row.amount_due_minor,
  amountPaidMinor: row.amount_paid_minor,
  period: { start: row.period_start, end: row.period_end },
  collection: row.collection,
  attemptCount: row.attempt_count,
  nextPaymentAttempt: row.next_payment_attempt,
  dueAt: row.due_at,
  hostedUrl: row.hosted_invoice_url,
  createdAt: row.created_at,
  paidAt: row.paid_at,
  creditUsedMinor: row.credit_used_minor,
  creditedMinor: row.credited_minor,
  refundedMinor: row.refunded_minor,
  disputeStatus: row.dispute_status,
  isEmpty: row.is_empty,
  observedSeq: row.observed_seq,
})

type AmountsRow = Pick<
  Row<'invoices'>,
  'subtotal_minor' | 'discount_minor' | 'tax_minor' | 'total_minor'
>

/** All four columns have a value or none has. */
export const amountsFromRow = (row: AmountsRow): InvoiceAmounts | null =>
  row.total_minor === null
    ? null
    : {
        subtotalMinor: row.subtotal_minor ?? 0,
        discountMinor: row.discount_minor ?? 0,
        taxMinor: row.tax_minor ?? 0,
        totalMinor: row.total_minor,
      }

/** The reverse of `invoiceFromRow`. */
export const rowFromInvoice = (invoice: Invoice): Insertable<InvoicesTable> => ({
  id: invoice.id,
  subscription_id: invoice.subscriptionId,
  number: invoice.number,
  status: invoice.status,
  billing_reason: invoice.reason,
  currency: invoice.currency,
  subtotal_minor: invoice.amounts?.subtotalMinor ?? null,
  discount_minor: invoice.amounts?.discountMinor ?? null,
  tax_minor: invoice.amounts?.taxMinor ?? null,
  total_minor: invoice.amounts?.totalMinor ?? null,
  amount_due_minor: invoice.amountDueMinor,
  amount_paid_minor: invoice.amountPaidMinor,
  period_start: invoice.period.start,
  period_end: invoice.period.end,
  collection: invoice.collection,
  attempt_count: invoice.attemptCount,
  next_payment_attempt: invoice.nextPaymentAttempt,
  due_at: invoice.dueAt,
  hosted_invoice_url: invoice.hostedUrl,
  created_at: invoice.createdAt,
  paid_at: invoice.paidAt,
  credit_used_minor: invoice.creditUsedMinor,
  credited_minor: invoice.creditedMinor,
  refunded_minor: invoice.refundedMinor,
  dispute_status: invoice.disputeStatus,
  is_empty: invoice.isEmpty,
  observed_seq: invoice.observedSeq,
})
