// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type CustomerOperations = {
  export_customers: {
    given: { p_after: string | null; p_limit: number }
    row: {
      user_id: string
      email: string | null
      stripe_customer_id: string | null
      created_at: Date
      subscription_id: string | null
      status: string | null
      plan_slug: string | null
      plan_version: number | null
      quantity: number | null
      period_end: Date | null
      cancel_at: Date | null
    }
  }

  follow_customer_email: { given: { p_customer: string; p_email: string }; value: boolean }

  forget_stripe_customer: { given: { p_customer: string } }

  record_stripe_customer: { given: { p_user: string; p_customer: string }; value: string | null }

  upsert_customer: {
    given: {
      p_user: string
      p_email: string | null
      p_locale: string | null
      p_time_zone: string | null
      p_now: Date
    }
    row: Row<'customers'>
  }
}

export const customerColumns = {
  export_customers: { instants: ['created_at', 'period_end', 'cancel_at'], bigints: [] },
  upsert_customer: tableColumns.customers,
} satisfies Record<string, ColumnsOutsideJson>
