import pg from 'pg'

/** Postgres answers in milliseconds or is not there: a caller is told soon and comes back. */
const CONNECT_TIMEOUT_MS = 2_000
/** No statement of ours takes seconds; one that does is stuck behind something. */
const STATEMENT_TIMEOUT_MS = 10_000

/** A connection that went silent is given up a little after Postgres itself would have ended the statement. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000

/**
 * `transaction`: a pooler stands before Postgres and hands out a connection for one transaction at a time. It takes no
 * settings of a session; what ends a stuck statement is then set for the role (`alter role … set statement_timeout`).
 */
export type Pooler = 'none' | 'transaction'

export type PoolOptions = {
  readonly databaseUrl: string
  readonly connectionsMax: number
  readonly applicationName: string
  readonly onError: (cause: Error) => void
  readonly pooler?: Pooler
  /** Given by tests, which do not wait so long. */
  readonly answerTimeoutMs?: number
}

/** Amounts are `bigint` in Postgres and numbers here; one that a number cannot hold is refused, not rounded. */
function parseBigint(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit into a safe integer`)
  return value
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? parseBigint : pg.types.getTypeParser(oid, format),
}

export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.connectionsMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(options.pooler !== 'transaction' && { statement_timeout: STATEMENT_TIMEOUT_MS }),
    query_timeout: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    types,
  })
  // A connection that breaks is replaced on next use; without a listener it would end the process. The pool listens to
  // idle ones only, so one that breaks between the statements of a transaction needs a listener of its own.
  pool.on('error', options.onError)
  pool.on('connect', (client) => client.on('error', options.onError))
  return pool
}
