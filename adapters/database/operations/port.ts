import type { OperationTypes } from '../generated/operations.ts'
import type { ColumnTypes } from './column-types.ts'

type Operation = keyof OperationTypes
type OperationWith<Part extends string> = {
  [Name in Operation]: Part extends keyof OperationTypes[Name] ? Name : never
}[Operation]

/** Operations that return rows: those of a table, or a table of their own. */
export type RowsOperation = OperationWith<'row'>
/** Operations that return one value or null. */
export type ValueOperation = OperationWith<'value'>
/** Operations that return a list of values. */
export type ValuesOperation = OperationWith<'values'>
/** Operations that return nothing. */
export type SilentOperation = Exclude<Operation, RowsOperation | ValueOperation | ValuesOperation>

/** The named arguments of an operation. */
export type Given<Name extends Operation> = Precise<
  OperationTypes[Name] extends { given: infer Arguments } ? Arguments : Record<string, never>,
  Name
>
/** A row that an operation returns. */
export type RowOf<Name extends RowsOperation> = Precise<OperationTypes[Name]['row'], Name>
/** The value that an operation returns. */
export type ValueOf<Name extends ValueOperation> = Precise<OperationTypes[Name], Name>['value']
/** A value of the list that an operation returns. */
export type ElementOf<Name extends ValuesOperation> = Precise<OperationTypes[Name], Name>['values']

/** The types that Postgres knows, with those of `ColumnTypes` in their place. */
type Precise<Columns, Name> = {
  readonly [C in keyof Columns]: C extends keyof Known<Name>
    ? Known<Name>[C] | Extract<Columns[C], null>
    : Columns[C]
}
type Known<Name> = Name extends keyof ColumnTypes ? Checked<ColumnTypes>[Name] : unknown

/** Does not compile if an operation has no such column or argument. */
type Checked<
  Types extends {
    readonly [Name in keyof Types]: Name extends Operation
      ? {
          readonly [C in keyof Types[Name]]: C extends NamesIn<OperationTypes[Name]>
            ? unknown
            : never
        }
      : never
  },
> = Types
type NamesIn<Types> =
  | Exclude<keyof Types, 'given' | 'row'>
  | (Types extends { given: infer Arguments } ? keyof Arguments : never)
  | (Types extends { row: infer Columns } ? keyof Columns : never)

/**
 * Calls the SQL functions of `migrations/functions/`, each of them atomic, over a connection or over PostgREST. The
 * repositories do not know which. Instants arrive as dates, and `bigint` as safe integers.
 */
export type Operations = {
  readonly rows: <Name extends RowsOperation>(
    operation: Name,
    given: Given<Name>,
  ) => Promise<RowOf<Name>[]>
  readonly value: <Name extends ValueOperation>(
    operation: Name,
    given: Given<Name>,
  ) => Promise<ValueOf<Name>>
  readonly values: <Name extends ValuesOperation>(
    operation: Name,
    given: Given<Name>,
  ) => Promise<ElementOf<Name>[]>
  readonly run: <Name extends SilentOperation>(operation: Name, given: Given<Name>) => Promise<void>
}
