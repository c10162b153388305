import { DatabaseUnreachableError } from '../../failures/database.ts'

/**
 * PostgREST, or the gateway before it, could not pass the request on. PostgREST answers 400, without code or message, if
 * its connection breaks during a statement.
 */
const UNREACHABLE_STATUSES = [0, 400, 408, 429, 500, 502, 503, 504]
/**
 * PostgREST cannot connect to Postgres (PGRST000 to PGRST003), or has not read its schema yet.
 * @see https://docs.postgrest.org/en/stable/references/errors.html
 */
const UNREACHABLE_CODES = /^PGRST00\d$/

/** The error in a response of PostgREST. Without `code`, a gateway in front of it answered. */
export type Refusal = {
  readonly message: string
  readonly code?: string
  readonly details?: unknown
}

/** An error of PostgREST or of Postgres. It has the same `code` and `constraint` as an error over a connection. */
export class SupabaseError extends Error {
  override readonly name = 'SupabaseError'
  /** Postgres' SQLSTATE, or PostgREST's own code. */
  readonly code: string
  /** The constraint that the statement violated. */
  readonly constraint: string | undefined

  constructor({ message, code = '' }: Refusal, status: number) {
    super(messageOr(message, status))
    this.code = code
    this.constraint = code.startsWith('23') ? constraintOf(message) : undefined
  }
}

/** @returns the error to throw for a response without data. Every error of Postgres or PostgREST has a code. */
export function errorFrom(refusal: Refusal, status: number): Error {
  const { code = '', message } = refusal
  const isUnreachable =
    UNREACHABLE_CODES.test(code) || (code === '' && UNREACHABLE_STATUSES.includes(status))
  return isUnreachable
    ? new DatabaseUnreachableError(messageOr(message, status))
    : new SupabaseError(refusal, status)
}

const messageOr = (message: string, status: number): string =>
  message === '' ? `PostgREST answered ${status}` : message

/** PostgREST passes on only the message of Postgres, which names the constraint last, in quotes. */
const constraintOf = (message: string): string | undefined =>
  /.*constraint "([^"]+)"/.exec(message)?.[1]
