// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'

export type DecisionOperations = {
  find_decision: {
    given: { p_subscription: string; p_entry: number }
    row: {
      subscription_id: string
      seq: number
      at: Date
      rule: string
      build: string
      body: string
    }
  }

  forget_decisions: { given: { p_before: Date; p_limit: number }; value: number }

  list_decisions: {
    given: {
      p_since: Date
      p_after_at: Date | null
      p_after_subscription: string | null
      p_after_seq: number | null
      p_limit: number
    }
    row: {
      subscription_id: string
      seq: number
      at: Date
      rule: string
      build: string
      body: string
    }
  }
}

export const decisionColumns = {
  find_decision: { instants: ['at'], bigints: ['seq'] },
  forget_decisions: { instants: [], bigints: ['forget_decisions'] },
  list_decisions: { instants: ['at'], bigints: ['seq'] },
} satisfies Record<string, ColumnsOutsideJson>
