/** A value of JSON. */
export type Plain =
  string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

/** Marks a string that is an instant; a string that begins with it by itself has it twice. */
const MARK = '@'

/** JSON in which instants stay distinct from strings. Fields that are undefined are left out. */
export function toPlain(value: unknown): Plain {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.startsWith(MARK) ? MARK + value : value
  if (value instanceof Date) return MARK + value.toISOString()
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => [key, toPlain(each)]),
    )
  throw new TypeError(`a ${typeof value} is not a fact`)
}

/** The reverse of `toPlain`. */
export function fromPlain(value: Plain): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith(MARK)) return value
    return value.startsWith(MARK + MARK) ? value.slice(1) : new Date(value.slice(1))
  }
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map(fromPlain)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fromPlain(each)]))
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)
