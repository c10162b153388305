/** Marks a value that is passed as JSON. */
export class Json {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** The named arguments of an operation. Null leaves one out. */
export type Arguments = Readonly<
  Record<
    string,
    | string
    | number
    | boolean
    | Date
    | Json
    | null
    | readonly (string | number | boolean | Date | null)[]
  >
>

/**
 * Calls the SQL functions of `migrations/functions/`, each of them atomic, over a connection or over PostgREST. The
 * repositories do not know which. Instants arrive as dates, and `bigint` as safe integers.
 */
export type Operations = {
  /** Calls an operation that returns a table. */
  readonly rows: <Row>(operation: string, given: Arguments) => Promise<Row[]>
  /** Calls an operation that returns one value or null. */
  readonly value: <Value>(operation: string, given: Arguments) => Promise<Value | null>
  /** Calls an operation that returns a list of values. */
  readonly values: <Value>(operation: string, given: Arguments) => Promise<Value[]>
  /** Calls an operation that returns nothing. */
  readonly run: (operation: string, given: Arguments) => Promise<void>
}
