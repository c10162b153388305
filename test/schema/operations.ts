import type pg from 'pg'
import {
  callersOf,
  functionFiles,
  lineOf,
} from '../../adapters/database/postgres/function-files.ts'

/** A column or an argument. `type` is the name in `pg_type`; arrays begin with `_`. */
export type Column = {
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  /** For arrays. */
  readonly hasNullElements: boolean
}

export type Result =
  | { readonly kind: 'nothing' }
  /** Rows of a table. */
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'row'; readonly columns: readonly Column[] }
  | { readonly kind: 'value' | 'values'; readonly column: Column }

/** A SQL function that the code calls. */
export type Operation = {
  readonly name: string
  readonly noun: string
  readonly given: readonly Column[]
  readonly result: Result
}

export type Table = { readonly name: string; readonly columns: readonly Column[] }

type Named = { readonly name: string; readonly type: string }

type FunctionRow = {
  readonly name: string
  readonly given: readonly Named[]
  readonly returned: readonly Named[]
  readonly type: string
  readonly is_set: boolean
  readonly table: string | null
}

/** The arguments, and the columns of the result: of `returns table`, or of a composite type. */
const FUNCTIONS = `
  select p.proname::text as name, t.typname::text as type, p.proretset as is_set,
    (select c.relname::text from pg_class c where c.oid = t.typrelid and c.relkind in ('r', 'p')) as table,
    coalesce((
      select json_agg(json_build_object('name', a.name, 'type', g.typname) order by a.place)
      from unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes) with ordinality
        as a(name, type, mode, place)
      join pg_type g on g.oid = a.type where coalesce(a.mode, 'i') = 'i'), '[]') as given,
    coalesce((
      select json_agg(json_build_object('name', a.name, 'type', g.typname) order by a.place)
      from unnest(p.proargnames, p.proallargtypes, p.proargmodes) with ordinality as a(name, type, mode, place)
      join pg_type g on g.oid = a.type where a.mode in ('o', 't')
    ), (
      select json_agg(json_build_object('name', a.attname, 'type', g.typname) order by a.attnum)
      from pg_attribute a join pg_type g on g.oid = a.atttypid
      where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    ), '[]') as returned
  from pg_proc p join pg_type t on t.oid = p.prorettype
  where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and t.typname <> 'trigger'
  order by p.oid`

const TABLES = `
  select c.relname::text as name,
    json_agg(json_build_object('name', a.attname, 'type', t.typname) order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  group by c.relname order by c.relname`

/** The operations of a migrated database, by noun and name: the folder and name of their function's file. */
export async function operationsOf(
  client: pg.ClientBase,
  migrations: URL,
): Promise<readonly Operation[]> {
  const { rows } = await client.query<FunctionRow>(FUNCTIONS)
  const files = await functionFiles(migrations)
  return files.flatMap(({ name, path, text }) => {
    if (!callersOf(text).startsWith('service') || lineOf(text, 'needed by') !== undefined) return []
    // Of two signatures, the new one stands first in its file, so a fresh database created it first.
    const row = rows.find((each) => each.name === name)
    if (row === undefined) return []
    const [, noun = ''] = path.split('/')
    return [{ name, noun, given: argumentsOf(row, text), result: resultOf(row, text) }]
  })
}

export async function tablesOf(client: pg.ClientBase): Promise<readonly Table[]> {
  const { rows } = await client.query<{ name: string; columns: readonly Named[] }>(TABLES)
  return rows.map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => ({ ...column, isNullable: true, hasNullElements: false })),
  }))
}

/** An argument is never null, unless the line `-- may be null: p_a, p_b[]` says so; `[]` means elements of the array. */
function argumentsOf({ name, given }: FunctionRow, text: string): Column[] {
  const nullable = listIn(text, 'may be null')
  const unknown = nullable.filter((each) =>
    given.every((one) => one.name !== each.replace('[]', '')),
  )
  if (unknown.length > 0) throw new Error(`${name} has no argument ${unknown.join(', ')}`)
  return given.map((column) => ({
    ...column,
    isNullable: nullable.includes(column.name),
    hasNullElements: nullable.includes(`${column.name}[]`),
  }))
}

function resultOf(row: FunctionRow, text: string): Result {
  const { name, type, table, returned } = row
  if (type === 'void') return { kind: 'nothing' }
  if (table !== null) return { kind: 'table', table }
  const columns = resultColumns(returned.length > 0 ? returned : [{ name, type }], text)
  const [column] = columns
  if (returned.length > 0 || column === undefined) return { kind: 'row', columns }
  return { kind: row.is_set ? 'values' : 'value', column }
}

/**
 * Postgres does not know which columns of a result are never null. So each may be null, unless the file says
 * `-- never null: a, b`, `-- never null: all` or `-- never null: all but a, b`.
 */
function resultColumns(columns: readonly Named[], text: string): Column[] {
  const line = lineOf(text, 'never null') ?? ''
  const isAll = /^all\b/.test(line)
  const listed = namesIn(line.replace(/^all( but)?/, ''))
  const unknown = listed.filter((each) => columns.every(({ name }) => name !== each))
  if (unknown.length > 0) throw new Error(`no column is called ${unknown.join(', ')}`)
  return columns.map((column) => ({
    ...column,
    isNullable: listed.includes(column.name) === isAll,
    hasNullElements: false,
  }))
}

const listIn = (text: string, name: string): string[] => namesIn(lineOf(text, name) ?? '')

const namesIn = (list: string): string[] =>
  list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
