import type { SupabaseClient } from '@supabase/supabase-js'
import { operationColumns } from '../generated/operations.ts'
import type {
  ElementOf,
  Given,
  Operations,
  ValueOf,
  ValueOperation,
  ValuesOperation,
} from '../operations/port.ts'
import { rowFromJson } from '../operations/row-from-json.ts'
import { bodyFrom } from './body.ts'
import { replyOf } from './client.ts'

/** Operations over PostgREST, which runs each one in its own transaction. */
export function createSupabaseOperations(supabase: SupabaseClient): Operations {
  const call = (operation: string, given: object) =>
    replyOf(supabase.rpc(operation, bodyFrom(given)))
  return {
    // PostgREST returns an object for a function that returns one row instead of a table.
    rows: async (operation, given) =>
      [await call(operation, given)].flat().map((row) => rowOf(operation, objectFrom(row))),
    async value<Name extends ValueOperation>(operation: Name, given: Given<Name>) {
      const row = { [operation]: await call(operation, given) }
      return rowOf<Record<Name, ValueOf<Name>>>(operation, row)[operation]
    },
    async values<Name extends ValuesOperation>(operation: Name, given: Given<Name>) {
      const rows = [await call(operation, given)].flat().map((value) => ({ [operation]: value }))
      return rows.map((row) => rowOf<Record<Name, ElementOf<Name>>>(operation, row)[operation])
    },
    run: async (operation, given) => {
      await call(operation, given)
    },
  }
}

/** A row with the types that the operation declares. A result without columns has the name of its operation. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- generated from the function's result
function rowOf<Row>(operation: string, json: object): Row {
  const columns = operationColumns[operation]
  const row: unknown = columns === undefined ? json : rowFromJson(json, columns)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- generated from the function's result
  return row as Row
}

function objectFrom(row: unknown): object {
  if (typeof row !== 'object' || row === null) throw new Error('PostgREST returned no rows')
  return row
}
