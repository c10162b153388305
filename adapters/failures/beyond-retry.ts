/** Node's errors for a value that no header or address can have. @see https://nodejs.org/api/errors.html */
const NODE_CODES: ReadonlySet<unknown> = new Set([
  'ERR_INVALID_CHAR',
  'ERR_INVALID_URL',
  'ERR_UNESCAPED_CHARACTERS',
])
/** The SQLSTATE class of values that Postgres cannot hold. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/

/**
 * Whether an error comes from the values themselves, so that the same attempt fails forever. Other bugs are retried: a
 * release can fix them meanwhile.
 */
export function isBeyondRetry(error: Error): boolean {
  if (error instanceof URIError) return true
  const code = 'code' in error ? error.code : undefined
  return NODE_CODES.has(code) || (typeof code === 'string' && DATA_EXCEPTION.test(code))
}
