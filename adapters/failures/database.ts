/** SQLSTATE classes of a passing trouble: connection (08), resources (53), operator intervention (57), serialization (40). */
const UNAVAILABLE_CLASSES = ['08', '53', '57', '40']
const UNAVAILABLE_SOCKET_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']
/** The messages of `pg` for connections that could not be made, or broke. */
const UNAVAILABLE_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/

/** More requests wait for the database than it can answer soon. They are refused at once instead of kept waiting. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError'
}

/** No reply came from the database. Whether the statement ran is unknown; repeating the request finds out. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError'
}

/**
 * Whether the database could not be reached or is overloaded, so that the same request may succeed a little later.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable)
  if (error instanceof DatabaseBusyError || error instanceof DatabaseUnreachableError) return true
  if (!(error instanceof Error)) return false
  if (isReplyTimeout(error) || UNAVAILABLE_MESSAGES.test(error.message)) return true
  if (!('code' in error) || typeof error.code !== 'string') return false
  return (
    UNAVAILABLE_SOCKET_CODES.includes(error.code) ||
    (error.code.length === 5 && UNAVAILABLE_CLASSES.includes(error.code.slice(0, 2)))
  )
}

/** Whether `pg` received no reply within its `query_timeout`: the connection has gone silent. */
export const isReplyTimeout = (error: Error): boolean => error.message === 'Query read timeout'

/** Whether a statement violated the named constraint. */
export const violates = (error: unknown, constraint: string): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === constraint

/** Whether Postgres ended the statement because of a deadlock. Repeating it succeeds. */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '40P01'
