import type { ExportRepository } from '../../../domain/operator/exports.ts'
import { amountsFromRow } from '../tables/invoice-rows.ts'
import type { Operations, RowOf } from './port.ts'

/** Pages of rows for the CSV exports, each after the last row of the page before. */
export function createExportRepository(operations: Operations): ExportRepository {
  return {
    async customers({ after, limit }) {
      const page = { p_after: after ?? null, p_limit: limit }
      return (await operations.rows('export_customers', page)).map(customerFromRow)
    },

    async invoices({ from, to }, { after, limit }) {
      const page = { p_from: from, p_to: to, p_after: after ?? null, p_limit: limit }
      return (await operations.rows('export_invoices_with_amounts', page)).map(invoiceFromRow)
    },

    async usage({ from, to }, { after, limit }) {
      const page = { p_from: from, p_to: to, p_after: after ?? null, p_limit: limit }
      return (await operations.rows('export_usage', page)).map(usageFromRow)
    },
  }
}

const customerFromRow = (row: RowOf<'export_customers'>) => ({
  userId: row.user_id,
  email: row.email,
  stripeCustomerId: row.stripe_customer_id,
  createdAt: row.created_at,
  subscriptionId: row.subscription_id,
  status: row.status,
  plan: row.plan_slug,
  planVersion: row.plan_version,
  quantity: row.quantity,
  periodEnd: row.period_end,
  cancelAt: row.cancel_at,
})

const invoiceFromRow = (row: RowOf<'export_invoices_with_amounts'>) => ({
  id: row.id,
  number: row.number,
  userId: row.user_id,
  subscriptionId: row.subscription_id,
  status: row.status,
  reason: row.billing_reason,
  currency: row.currency,
  amounts: amountsFromRow(row),
  amountDueMinor: row.amount_due_minor,
  amountPaidMinor: row.amount_paid_minor,
  refundedMinor: row.refunded_minor,
  creditedMinor: row.credited_minor,
  periodStart: row.period_start,
  periodEnd: row.period_end,
  createdAt: row.created_at,
  paidAt: row.paid_at,
  disputeStatus: row.dispute_status,
})

const usageFromRow = (row: RowOf<'export_usage'>) => ({
  cursor: row.cursor,
  userId: row.user_id,
  feature: row.feature,
  windowStart: row.window_start,
  windowEnd: row.window_end,
  usedAmount: row.used_amount,
  quotaLimit: row.quota_limit,
  grantedAmount: row.granted_amount,
  overageAmount: row.overage_amount,
  billedAmount: row.billed_amount,
})
