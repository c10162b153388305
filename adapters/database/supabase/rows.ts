import type { SupabaseClient } from '@supabase/supabase-js'
import { rowFromJson } from '../operations/instants.ts'
import type { Database, Row } from '../tables/schema.ts'
import { answerOf } from './client.ts'

type WorkflowReply = Parameters<typeof answerOf>[0]
type From = ReturnType<SupabaseClient['from']>
type Ask = (from: From) => WorkflowReply

/** Tables over PostgREST, with rows as a connection would give them. */
export type Tables = {
  readonly list: <Table extends keyof Database>(table: Table, ask: Ask) => Promise<Row<Table>[]>
  /** The first row; whoever asks says by `limit(1)` or by a key that there is no other. */
  readonly first: <Table extends keyof Database>(
    table: Table,
    ask: Ask,
  ) => Promise<Row<Table> | undefined>
  /** A write whose rows nobody wants to see. */
  readonly write: (table: keyof Database, ask: Ask) => Promise<void>
}

export function createTables(supabase: SupabaseClient): Tables {
  const list = async <Table extends keyof Database>(table: Table, ask: Ask) => {
    const data = await answerOf(ask(supabase.from(table)))
    if (!Array.isArray(data)) throw new Error(`PostgREST answered no rows of ${table}`)
    return data.map((row: object) => rowFromJson<Row<Table>>(row))
  }
  return {
    list,
    first: async (table, ask) => (await list(table, ask))[0],
    write: async (table, ask) => {
      await answerOf(ask(supabase.from(table)))
    },
  }
}

/** A list as a filter of PostgREST's takes it. */
export const listed = (values: readonly string[]): string => `(${values.join(',')})`
