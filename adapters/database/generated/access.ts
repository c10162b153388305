// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type AccessOperations = {
  begin_page_session: {
    given: {
      p_id: string
      p_kind: string
      p_owner: string
      p_now: Date
      p_until: Date
      p_replaced: string | null
      p_max: number
    }
  }

  count_rows: { given: { p_count: number }; row: { number: number } }

  find_api_key: {
    given: { p_hash: string; p_now: Date; p_noted_before: Date }
    row: Row<'api_keys'>
  }

  forget_idempotency_keys: { given: { p_before: Date; p_limit: number }; value: number }

  revoke_api_key: {
    given: { p_id: string; p_now: Date; p_by: string | null }
    row: { outcome: string; key: object }
  }

  rotate_api_key: {
    given: {
      p_id: string
      p_successor: string
      p_prefix: string
      p_hash: string
      p_until: Date
      p_now: Date
      p_by: string | null
    }
    row: { outcome: string; key: object; replaced: object | null }
  }
}

export const accessColumns = {
  find_api_key: tableColumns.api_keys,
  forget_idempotency_keys: { instants: [], bigints: ['forget_idempotency_keys'] },
} satisfies Record<string, ColumnsOutsideJson>
