// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type InvoiceOperations = {
  export_invoices_with_amounts: {
    given: { p_from: Date; p_to: Date; p_after: string | null; p_limit: number }
    row: {
      id: string
      number: string | null
      user_id: string
      subscription_id: string
      status: string
      billing_reason: string
      currency: string
      subtotal_minor: number | null
      discount_minor: number | null
      tax_minor: number | null
      total_minor: number | null
      amount_due_minor: number
      amount_paid_minor: number
      refunded_minor: number
      credited_minor: number
      period_start: Date
      period_end: Date
      created_at: Date
      paid_at: Date | null
      dispute_status: string | null
    }
  }

  list_invoices: {
    given: { p_user: string; p_limit: number; p_after: string | null }
    row: Row<'invoices'>
  }

  save_invoice: {
    given: {
      p_row: Json
      p_seq: number | null
      p_now: Date
      p_changes: Json
      p_notices: Json
      p_overtaken: readonly string[]
      p_events: readonly string[]
    }
    value: boolean
  }
}

export const invoiceColumns = {
  export_invoices_with_amounts: {
    instants: ['period_start', 'period_end', 'created_at', 'paid_at'],
    bigints: [
      'subtotal_minor',
      'discount_minor',
      'tax_minor',
      'total_minor',
      'amount_due_minor',
      'amount_paid_minor',
      'refunded_minor',
      'credited_minor',
    ],
  },
  list_invoices: tableColumns.invoices,
} satisfies Record<string, ColumnsOutsideJson>
