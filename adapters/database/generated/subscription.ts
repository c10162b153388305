// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type SubscriptionOperations = {
  claim_notices: {
    given: { p_now: Date; p_until: Date; p_limit: number; p_subscription: string | null }
    row: {
      key: string
      kind: string
      content: object
      attempts: number
      user_id: string
      email: string | null
      locale: string
    }
  }

  find_subscription_at_stripe: {
    given: { p_subscription: string | null; p_session: string | null; p_customer: string | null }
    row: Row<'subscriptions'>
  }

  find_trial_identities: {
    given: { p_user: string; p_product_line: string; p_identities: Json }
    values: string
  }

  list_subscriptions: {
    given: {
      p_status: string | null
      p_plan: string | null
      p_user: string | null
      p_drift: boolean | null
      p_after: string | null
      p_limit: number
    }
    row: Row<'subscriptions'>
  }

  record_trial_identities: {
    given: {
      p_subscription: string
      p_product_line: string
      p_identities: Json
      p_begins: boolean
      p_now: Date
    }
    values: string
  }

  save_subscription: {
    given: {
      p_row: Json
      p_seq: number
      p_now: Date
      p_changes: Json
      p_notices: Json
      p_windows: Json
      p_end_windows_at: Date | null
      p_alert: Json | null
      p_events: readonly string[]
      p_decision: Json | null
    }
    value: boolean
  }
}

export const subscriptionColumns = {
  find_subscription_at_stripe: tableColumns.subscriptions,
  list_subscriptions: tableColumns.subscriptions,
} satisfies Record<string, ColumnsOutsideJson>
