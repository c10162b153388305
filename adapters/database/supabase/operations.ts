import type { SupabaseClient } from '@supabase/supabase-js'
import { rowFromJson } from '../operations/instants.ts'
import type { Arguments, Operations } from '../operations/port.ts'
import { bodyFrom } from './body.ts'
import { replyOf } from './client.ts'

/** Operations over PostgREST, which runs each one in its own transaction. */
export function createSupabaseOperations(supabase: SupabaseClient): Operations {
  const call = (operation: string, given: Arguments) =>
    replyOf(supabase.rpc(operation, bodyFrom(given)))
  return {
    // PostgREST returns an object for a function that returns one row instead of a table.
    rows: async (operation, given) =>
      [await call(operation, given)].flat().map((row) => rowFromJson(objectFrom(row))),
    value: async <Value>(operation: string, given: Arguments) => {
      const value = await call(operation, given)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type that the SQL function declares
      return value as Value | null
    },
    values: async <Value>(operation: string, given: Arguments) => {
      const values = await call(operation, given)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type that the SQL function declares
      return values as Value[]
    },
    run: async (operation, given) => {
      await call(operation, given)
    },
  }
}

function objectFrom(row: unknown): object {
  if (typeof row !== 'object' || row === null) throw new Error('PostgREST returned no rows')
  return row
}
