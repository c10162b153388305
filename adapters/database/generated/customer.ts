// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type CustomerOperations = {
  change_customer: {
    given: {
      p_user: string
      p_email: string | null
      p_name: string | null
      p_now: Date
      p_subscription: string | null
      p_changes: Json | null
    }
    row: Row<'customers'>
  }

  claim_customer_update: { given: { p_now: Date; p_lease_ms: number }; row: Row<'customers'> }

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

  finish_customer_update: { given: { p_user: string; p_revision: number; p_now: Date } }

  follow_customer_email: { given: { p_customer: string; p_email: string }; value: boolean }

  forget_stripe_customer: { given: { p_customer: string } }

  postpone_customer_update: { given: { p_user: string; p_due_at: Date } }

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
  change_customer: tableColumns.customers,
  claim_customer_update: tableColumns.customers,
  export_customers: { instants: ['created_at', 'period_end', 'cancel_at'], bigints: [] },
  upsert_customer: tableColumns.customers,
} satisfies Record<string, ColumnsOutsideJson>
