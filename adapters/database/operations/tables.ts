import type { Insertable, Updateable } from 'kysely'
import type { Database, Row } from '../tables/schema.ts'
import type { Json } from './json.ts'

/** The name of a table. */
export type Table = keyof Database
/** The name of a column of `T`. */
export type Column<T extends Table> = keyof Row<T> & string

/** Values to write: a `jsonb` column is given as `Json`. */
type WithJson<Values> = { readonly [Name in keyof Values]: Values[Name] | Json }
/** A row to insert. Columns with a default may be absent. */
export type NewRow<T extends Table> = WithJson<Insertable<Database[T]>>
/** The columns to write; absent ones keep their value. */
export type Changes<T extends Table> = WithJson<Updateable<Database[T]>>

/** Conditions on the columns of a table. All of them must hold. */
export type Filter<T extends Table> = {
  /** Equals the value (also null), or one of a list of values. */
  readonly where?: { readonly [C in Column<T>]?: Row<T>[C] | readonly Row<T>[C][] }
  /** Equals none of the values. */
  readonly whereNot?: { readonly [C in Column<T>]?: readonly Row<T>[C][] }
  readonly above?: { readonly [C in Column<T>]?: Row<T>[C] }
  readonly below?: { readonly [C in Column<T>]?: Row<T>[C] }
}

/** Which rows of a table to read, and in which order. */
export type Query<T extends Table, C extends Column<T> = Column<T>> = Filter<T> & {
  /** All columns if absent. */
  readonly columns?: readonly C[]
  readonly orderBy?: readonly (Column<T> | `${Column<T>} desc`)[]
  readonly limit?: number
}

/**
 * Reads and writes of a single table, over a connection or over PostgREST. A statement that needs more than this, such as
 * a lock, an expression or a second table, is an operation (`port.ts`).
 */
export type Tables = {
  readonly list: <T extends Table, C extends Column<T> = Column<T>>(
    table: T,
    query: Query<T, C>,
  ) => Promise<Pick<Row<T>, C>[]>
  /** The first row of the query, or undefined if there is none. */
  readonly find: <T extends Table, C extends Column<T> = Column<T>>(
    table: T,
    query: Query<T, C>,
  ) => Promise<Pick<Row<T>, C> | undefined>
  /**
   * Inserts a row and returns it, or returns undefined if a row with the same `key` exists.
   * @param key the columns of a unique constraint. The violation of any other one is thrown.
   */
  readonly insert: <T extends Table>(
    table: T,
    row: NewRow<T>,
    key: readonly Column<T>[],
  ) => Promise<Row<T> | undefined>
  /** Inserts the rows whose `key` does not exist yet. */
  readonly insertAll: <T extends Table>(
    table: T,
    rows: readonly NewRow<T>[],
    key: readonly Column<T>[],
  ) => Promise<void>
  readonly update: <T extends Table>(
    table: T,
    changes: Changes<T>,
    filter: Filter<T>,
  ) => Promise<void>
  readonly remove: <T extends Table>(table: T, filter: Filter<T>) => Promise<void>
}

/** One condition of a filter, in a form that SQL and PostgREST share. */
export type Condition = {
  readonly column: string
  readonly operator: 'is null' | 'in' | 'not in' | '=' | '>' | '<'
  /** A list for `in` and `not in`; one value otherwise; none for `is null`. */
  readonly values: readonly unknown[]
}

/** The conditions of a filter, in the form in which both implementations write them. */
export function conditionsOf<T extends Table>({
  where,
  whereNot,
  above,
  below,
}: Filter<T>): Condition[] {
  return [
    ...entriesOf(where).map(({ column, value }): Condition => {
      if (value === null) return { column, operator: 'is null', values: [] }
      return Array.isArray(value)
        ? { column, operator: 'in', values: value }
        : { column, operator: '=', values: [value] }
    }),
    ...entriesOf(whereNot).map(({ column, value }): Condition => ({
      column,
      operator: 'not in',
      values: [value].flat(),
    })),
    ...entriesOf(above).map(({ column, value }): Condition => ({
      column,
      operator: '>',
      values: [value],
    })),
    ...entriesOf(below).map(({ column, value }): Condition => ({
      column,
      operator: '<',
      values: [value],
    })),
  ]
}

const entriesOf = (columns: object | undefined): { column: string; value: unknown }[] =>
  Object.entries(columns ?? {}).map(([column, value]: [string, unknown]) => ({ column, value }))
