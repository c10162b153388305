import type { SupabaseClient } from '@supabase/supabase-js'
import { tableRowFromJson } from '../operations/table-row-from-json.ts'
import {
  conditionsOf,
  type Column,
  type Condition,
  type Filter,
  type NewRow,
  type Query,
  type Table,
  type Tables,
} from '../operations/tables.ts'
import type { Row } from '../tables/schema.ts'
import { bodyFrom } from './body.ts'
import { replyOf } from './client.ts'

/** Tables over PostgREST. */
export function createSupabaseTables(supabase: SupabaseClient): Tables {
  const list = async <T extends Table, C extends Column<T>>(table: T, query: Query<T, C>) => {
    let request = filtered(supabase.from(table).select(query.columns?.join(',') ?? '*'), query)
    for (const term of query.orderBy ?? []) {
      const [column = term, direction] = term.split(' ')
      request = request.order(column, { ascending: direction !== 'desc' })
    }
    if (query.limit !== undefined) request = request.limit(query.limit)
    return rowsFrom(table, await replyOf(request))
  }
  const insertion = <T extends Table>(
    table: T,
    rows: readonly NewRow<T>[],
    key: readonly Column<T>[],
  ) =>
    supabase
      .from(table)
      .upsert(rows.map(bodyFrom), { onConflict: key.join(','), ignoreDuplicates: true })

  return {
    list,

    find: async (table, query) => (await list(table, { ...query, limit: 1 }))[0],

    async insert<T extends Table>(table: T, row: NewRow<T>, key: readonly Column<T>[]) {
      const inserted = await replyOf(insertion(table, [row], key).select())
      return rowsFrom(table, inserted)[0]
    },

    async insertAll(table, rows, key) {
      if (rows.length > 0) await replyOf(insertion(table, rows, key))
    },

    async update(table, changes, filter) {
      await replyOf(filtered(supabase.from(table).update(bodyFrom(changes)), filter))
    },

    async remove(table, filter) {
      await replyOf(filtered(supabase.from(table).delete(), filter))
    },
  }
}

function rowsFrom<T extends Table>(table: T, data: unknown): Row<T>[] {
  if (!Array.isArray(data)) throw new Error(`PostgREST returned no rows of ${table}`)
  return data.map((row: object) => tableRowFromJson(table, row))
}

type Filterable<Request> = {
  filter(column: string, operator: string, value: unknown): Request
}

function filtered<Request extends Filterable<Request>, T extends Table>(
  request: Request,
  filter: Filter<T>,
): Request {
  let result = request
  for (const condition of conditionsOf(filter)) {
    const { operator, value } = operatorAndValue(condition)
    result = result.filter(condition.column, operator, value)
  }
  return result
}

/** @see https://docs.postgrest.org/en/stable/references/api/tables_views.html#operators */
function operatorAndValue({ operator, values }: Condition): { operator: string; value: string } {
  switch (operator) {
    case 'is null':
      return { operator: 'is', value: 'null' }
    case 'in':
      return { operator: 'in', value: listOf(values) }
    case 'not in':
      return { operator: 'not.in', value: listOf(values) }
    case '=':
      return { operator: 'eq', value: textOf(values[0]) }
    case '>':
      return { operator: 'gt', value: textOf(values[0]) }
    case '<':
      return { operator: 'lt', value: textOf(values[0]) }
  }
}

const listOf = (values: readonly unknown[]): string =>
  `(${values.map((value) => JSON.stringify(textOf(value))).join(',')})`

const textOf = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : String(value)
