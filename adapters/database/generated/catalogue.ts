// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type CatalogueOperations = {
  find_plan_version: { given: { p_id: string | null; p_price: string | null }; values: object }

  list_auto_attached_plans: {
    values: object
  }

  list_catalogue_changes: { given: { p_limit: number }; row: Row<'catalogue_changes'> }

  list_catalogue_offers: { given: { p_user: string }; values: object }

  list_ending_offers: {
    given: { p_statuses: readonly string[]; p_now: Date; p_limit: number }
    row: { id: string; version: string; slug: string; currency: string; period_end: Date }
  }

  list_plans_on_sale: {
    given: {
      p_name: string | null
      p_user: string | null
      p_now: Date | null
      p_currency: string | null
    }
    values: object
  }

  read_catalogue: { given: { p_slug: string | null }; value: object }

  write_catalogue: { given: { p_revision: number; p_writes: Json }; value: boolean }
}

export const catalogueColumns = {
  list_catalogue_changes: tableColumns.catalogue_changes,
  list_ending_offers: { instants: ['period_end'], bigints: [] },
} satisfies Record<string, ColumnsOutsideJson>
