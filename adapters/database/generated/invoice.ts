// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type InvoiceOperations = {
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

export const invoiceColumns = { list_invoices: tableColumns.invoices } satisfies Record<
  string,
  ColumnsOutsideJson
>
