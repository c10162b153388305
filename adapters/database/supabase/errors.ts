/**
 * The gateway before PostgREST, or PostgREST before Postgres, cannot pass the question on. PostgREST says 400, and neither
 * code nor message, when its connection broke over the question.
 */
const AWAY_STATUSES = [0, 400, 408, 429, 500, 502, 503, 504]
/** PostgREST's own words for a database that it cannot ask (PGRST000–003), and for a schema that it has not read yet. */
const AWAY_CODES = /^PGRST00\d$/

/**
 * What came instead of an answer. `code` is Postgres' SQLSTATE where Postgres said no, so whoever knows what that means
 * over a connection knows it here.
 */
export class SupabaseError extends Error {
  override readonly name = 'SupabaseError'
  readonly code: string
  /** The constraint that a statement broke. */
  readonly constraint: string | undefined
  /** Nobody was there to answer; whether the statement ran is unknown, and asking again finds out. */
  readonly isAway: boolean

  constructor(
    error: { readonly message: string; readonly code?: string; readonly details?: unknown },
    status: number,
  ) {
    super(error.message === '' ? `PostgREST answered ${status}` : error.message)
    const { code = '' } = error
    this.code = code
    this.constraint = code.startsWith('23') ? constraintOf(error.message) : undefined
    // Whatever Postgres or PostgREST have to say has a code.
    this.isAway = AWAY_CODES.test(code) || (code === '' && AWAY_STATUSES.includes(status))
  }
}

/** PostgREST passes on the message alone; Postgres names the constraint last in it, in quotes. */
const constraintOf = (message: string): string | undefined =>
  /.*constraint "([^"]+)"/.exec(message)?.[1]
