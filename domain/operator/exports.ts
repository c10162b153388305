import type { InvoiceAmounts } from '../stripe/snapshot.ts'
import type { Status } from '../subscription/subscription.ts'

/** A customer, with the newest live subscription. */
export type CustomerExport = {
  readonly userId: string
  readonly email: string | null
  readonly stripeCustomerId: string | null
  readonly createdAt: Date
  readonly subscriptionId: string | null
  readonly status: Status | null
  readonly plan: string | null
  readonly planVersion: number | null
  readonly quantity: number | null
  readonly periodEnd: Date | null
  readonly cancelAt: Date | null
}

/** Amounts are in minor units. */
export type InvoiceExport = {
  readonly id: string
  readonly number: string | null
  readonly userId: string
  readonly subscriptionId: string
  readonly status: string
  readonly reason: string
  readonly currency: string
  /** Null for an invoice that an older build read last. */
  readonly amounts: InvoiceAmounts | null
  readonly amountDueMinor: number
  readonly amountPaidMinor: number
  readonly refundedMinor: number
  readonly creditedMinor: number
  readonly periodStart: Date
  readonly periodEnd: Date
  readonly createdAt: Date
  readonly paidAt: Date | null
  readonly disputeStatus: string | null
}

/** One feature's usage in one window. */
export type UsageExport = {
  readonly cursor: string
  readonly userId: string
  readonly feature: string
  readonly windowStart: Date
  readonly windowEnd: Date
  readonly usedAmount: number
  readonly quotaLimit: number | null
  readonly grantedAmount: number
  readonly overageAmount: number
  readonly billedAmount: number
}

/** One page of an export, after the last row of the page before. */
export type ExportPage = { readonly after: string | undefined; readonly limit: number }

/** The half-open interval `[from, to)` of creation, or of the beginning of a window. */
export type ExportRange = { readonly from: Date; readonly to: Date }

/** Rows for exports, page by page in the order of their keys. Rows that are written meanwhile may be missing. */
export type ExportRepository = {
  /** `after` is the last user. */
  readonly customers: (page: ExportPage) => Promise<CustomerExport[]>
  /** Oldest first; `after` is the last id. */
  readonly invoices: (range: ExportRange, page: ExportPage) => Promise<InvoiceExport[]>
  /** `after` is the last `cursor`. */
  readonly usage: (range: ExportRange, page: ExportPage) => Promise<UsageExport[]>
}
