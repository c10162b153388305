import type { SupabaseClient } from '@supabase/supabase-js'
import { rowFromJson } from '../operations/instants.ts'
import { Json, type Arguments, type Operations } from '../operations/port.ts'
import { answerOf } from './client.ts'

/** Operations over PostgREST, which runs each in a transaction of its own. */
export function createSupabaseOperations(supabase: SupabaseClient): Operations {
  const call = (operation: string, given: Arguments) =>
    answerOf(
      supabase.rpc(
        operation,
        Object.fromEntries(
          Object.entries(given).map(([name, value]) => [
            name,
            value instanceof Json ? value.value : value,
          ]),
        ),
      ),
    )
  return {
    // A type that is one row, not a table, comes as an object.
    rows: async (operation, given) =>
      [await call(operation, given)].flat().map((row) => rowFromJson(objectFrom(row))),
    value: async <Value>(operation: string, given: Arguments) => {
      const value = await call(operation, given)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation's own type, as with any SQL
      return value as Value | null
    },
    values: async <Value>(operation: string, given: Arguments) => {
      const values = await call(operation, given)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation's own type, as with any SQL
      return values as Value[]
    },
    run: async (operation, given) => {
      await call(operation, given)
    },
  }
}

function objectFrom(row: unknown): object {
  if (typeof row !== 'object' || row === null) throw new Error('PostgREST answered no rows')
  return row
}
