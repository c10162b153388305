// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type OperatorOperations = {
  billing_overview: {
    given: {
      p_now: Date
      p_trial_until: Date
      p_churn_since: Date
      p_days_since: Date
      p_hot_spots: number
    }
    value: object
  }

  list_operator_actions: {
    given: { p_user: string | null; p_limit: number }
    row: Row<'operator_actions'>
  }

  mrr_movements: {
    given: { p_since: Date; p_until: Date }
    row: {
      month: string
      currency: string
      new_minor: number
      expansion_minor: number
      contraction_minor: number
      ended_minor: number
    }
  }

  note_operator_action: {
    given: {
      p_command: string
      p_action: string
      p_user: string | null
      p_before: Json | null
      p_after: Json | null
      p_now: Date
      p_key: string | null
      p_by: string | null
    }
  }

  search_subscriptions: {
    given: {
      p_text: string | null
      p_id: string | null
      p_prefix: string | null
      p_status: string | null
      p_plan: string | null
      p_after: string | null
      p_limit: number
    }
    row: {
      id: string
      user_id: string
      status: string
      plan_slug: string
      plan_name: string
      plan_period: string
      price_minor: number
      currency: string
      quantity: number
      mrr_minor: number
      trial_end: Date | null
      period_end: Date | null
      cancel_at: Date | null
      ended_at: Date | null
      drift: string | null
      created_at: Date
    }
  }
}

export const operatorColumns = {
  list_operator_actions: tableColumns.operator_actions,
  mrr_movements: {
    instants: [],
    bigints: ['new_minor', 'expansion_minor', 'contraction_minor', 'ended_minor'],
  },
  search_subscriptions: {
    instants: ['trial_end', 'period_end', 'cancel_at', 'ended_at', 'created_at'],
    bigints: ['price_minor', 'mrr_minor'],
  },
} satisfies Record<string, ColumnsOutsideJson>
