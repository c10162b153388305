import { tableColumns } from '../generated/tables.ts'
import type { Row } from '../tables/schema.ts'
import { rowFromJson } from './row-from-json.ts'
import type { Table } from './tables.ts'

/** A row of a table that is part of another row, which is JSON over a connection too. */
export function tableRowFromJson<T extends Table>(table: T, json: object): Row<T> {
  const row: unknown = rowFromJson(json, tableColumns[table])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation made it with `to_jsonb`
  return row as Row<T>
}
