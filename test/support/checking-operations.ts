import type pg from 'pg'
import { Json } from '../../adapters/database/operations/json.ts'
import type { Operations } from '../../adapters/database/operations/port.ts'
import { SCHEMA_FILE } from '../../adapters/database/postgres/compare-schema.ts'
import { operationsOf, tablesOf, type Column, type Operation } from '../schema/operations.ts'

/** The columns of each operation's arguments and result. */
export type DescribedOperations = ReadonlyMap<
  string,
  { readonly given: readonly Column[]; readonly returned: readonly Column[] }
>

let described: Promise<DescribedOperations> | undefined

/** The operations of a migrated database, which are the same for all databases of a run. */
export const describedOperations = (pool: pg.Pool): Promise<DescribedOperations> =>
  (described ??= describe(pool))

async function describe(pool: pg.Pool): Promise<DescribedOperations> {
  const client = await pool.connect()
  try {
    const operations = await operationsOf(client, new URL('.', SCHEMA_FILE))
    const tables = new Map((await tablesOf(client)).map(({ name, columns }) => [name, columns]))
    const returnedBy = ({ result }: Operation): readonly Column[] => {
      if (result.kind === 'table') return tables.get(result.table) ?? []
      if (result.kind === 'nothing') return []
      return result.kind === 'row' ? result.columns : [result.column]
    }
    return new Map(
      operations.map((each) => [each.name, { given: each.given, returned: returnedBy(each) }]),
    )
  } finally {
    client.release()
  }
}

/**
 * Operations that check what the generated types promise: the arguments, and the type and nullability of each value
 * returned. Which results are never null stands in the comment of a function, where Postgres does not check it.
 */
export function checkingOperations(operations: Operations, all: DescribedOperations): Operations {
  const columnsOf = (operation: string, given: object) => {
    const known = all.get(operation)
    if (known === undefined) throw new Error(`${operation} is not described`)
    checkColumns(operation, known.given, given)
    return known.returned
  }
  return {
    async rows(operation, given) {
      const columns = columnsOf(operation, given)
      const rows = await operations.rows(operation, given)
      for (const row of rows) checkColumns(operation, columns, row)
      return rows
    },
    async value(operation, given) {
      const columns = columnsOf(operation, given)
      const value = await operations.value(operation, given)
      checkColumns(operation, columns, { [operation]: value })
      return value
    },
    async values(operation, given) {
      const columns = columnsOf(operation, given)
      const values = await operations.values(operation, given)
      for (const value of values) checkColumns(operation, columns, { [operation]: value })
      return values
    },
    run(operation, given) {
      columnsOf(operation, given)
      return operations.run(operation, given)
    },
  }
}

function checkColumns(operation: string, columns: readonly Column[], values: object): void {
  const names = Object.keys(values)
  const expected = columns.map(({ name }) => name)
  if (names.toSorted().join() !== expected.toSorted().join())
    throw new TypeError(`${operation} has ${expected.join()}, not ${names.join()}`)
  const given = new Map<string, unknown>(Object.entries(values))
  for (const column of columns) {
    const value = given.get(column.name)
    if (!hasType(column, value))
      throw new TypeError(`${operation}: ${column.name} is not a ${column.type}: ${String(value)}`)
  }
}

function hasType({ type, isNullable, hasNullElements }: Column, value: unknown): boolean {
  if (value === null) return isNullable
  if (!type.startsWith('_')) return isOne(type, value)
  return (
    Array.isArray(value) &&
    value.every((each) => (each === null ? hasNullElements : isOne(type.slice(1), each)))
  )
}

function isOne(type: string, value: unknown): boolean {
  switch (type) {
    case 'timestamptz':
      // An exact instant is passed as text, as `list_overage_due` returns it.
      return value instanceof Date || typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'float8':
    case 'int4':
    case 'int8':
      return typeof value === 'number'
    case 'jsonb':
      return value instanceof Json || typeof value === 'object'
    default:
      return typeof value === 'string'
  }
}
