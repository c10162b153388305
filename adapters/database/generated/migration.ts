// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type MigrationOperations = {
  choose_migration_canary: { given: { p_migration: string; p_percent: number }; value: number }

  count_migration_attempt: {
    given: { p_migration: string; p_subscription: string }
    value: number | null
  }

  create_plan_migration: {
    given: { p_row: Json; p_sources: readonly string[]; p_running: readonly string[] }
    value: string
  }

  list_migration_candidates: {
    given: {
      p_versions: readonly string[]
      p_statuses: readonly string[] | null
      p_users: readonly string[] | null
      p_since: Date | null
      p_before: Date | null
      p_after: string | null
      p_limit: number
    }
    row: Row<'subscriptions'>
  }

  list_migration_items: {
    given: { p_migration: string; p_state: string | null; p_after: string | null; p_limit: number }
    row: Row<'plan_migration_items'>
  }

  list_plan_migrations: {
    given: { p_id: string | null; p_is_running: boolean | null; p_limit: number }
    values: object
  }

  report_plan_migration: { given: { p_migration: string }; value: object }
}

export const migrationColumns = {
  choose_migration_canary: { instants: [], bigints: ['choose_migration_canary'] },
  list_migration_candidates: tableColumns.subscriptions,
  list_migration_items: tableColumns.plan_migration_items,
} satisfies Record<string, ColumnsOutsideJson>
