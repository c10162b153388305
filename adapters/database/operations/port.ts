/** An argument that the operation takes as JSON, whatever its shape. */
export class Json {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** What an operation takes, by name; null is what does not matter. */
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
 * The operations of `migrations/functions/`: SQL functions, each one atomic, named and typed there. A connection calls
 * them, and so does PostgREST; whoever is written against this does not know which. Instants arrive as dates, `bigint` as safe integers.
 */
export type Operations = {
  /** The rows of an operation that answers with a table. */
  readonly rows: <Row>(operation: string, given: Arguments) => Promise<Row[]>
  /** The one value of an operation that answers with a value, and null for none. */
  readonly value: <Value>(operation: string, given: Arguments) => Promise<Value | null>
  /** The values of an operation that answers with a list of them. */
  readonly values: <Value>(operation: string, given: Arguments) => Promise<Value[]>
  /** An operation that answers nothing. */
  readonly run: (operation: string, given: Arguments) => Promise<void>
}
