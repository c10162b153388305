/** The columns of a result that JSON has no type for. */
export type ColumnsOutsideJson = {
  /** `timestamptz`: text in JSON, a date here. */
  readonly instants: readonly string[]
  /** `bigint`: a number in JSON and here, which must be a safe integer. */
  readonly bigints: readonly string[]
}

/**
 * A row as a connection returns it: with dates for its instants. Values inside a JSON column stay as they are.
 * @throws RangeError for a `bigint` beyond 2^53, which JSON has rounded.
 */
export function rowFromJson(
  json: object,
  { instants, bigints }: ColumnsOutsideJson,
): Record<string, unknown> {
  const row: Record<string, unknown> = { ...json }
  for (const name of instants) {
    const value = row[name]
    if (typeof value === 'string') row[name] = new Date(value)
  }
  for (const name of bigints) {
    const value = row[name]
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new RangeError(`${name} is ${value}, which does not fit into a safe integer`)
  }
  return row
}
