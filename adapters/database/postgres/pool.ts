import pg from 'pg'

/** Postgres connects in milliseconds, or is unavailable: the caller fails early and retries. */
const CONNECT_TIMEOUT_MS = 2_000
/** No statement takes seconds. One that does is blocked. */
const STATEMENT_TIMEOUT_MS = 10_000

/** A silent connection is closed 2 s after Postgres itself would have ended the statement. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000

/**
 * `transaction`: a pooler in front of Postgres assigns a connection for one transaction at a time. It accepts no session
 * settings, so the statement timeout must be set for the role (`alter role … set statement_timeout`).
 * @see https://www.pgbouncer.org/features.html
 */
export type Pooler = 'none' | 'transaction'

/** The settings of a pool. `onError` gets the errors of idle connections. */
export type PoolOptions = {
  readonly databaseUrl: string
  readonly connectionsMax: number
  readonly applicationName: string
  readonly onError: (cause: Error) => void
  readonly pooler?: Pooler
  /** 12,000 if absent; tests shorten it. */
  readonly answerTimeoutMs?: number
}

/** Amounts are `bigint` in Postgres and numbers here. @throws RangeError instead of rounding. */
function parseBigint(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit into a safe integer`)
  return value
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? parseBigint : pg.types.getTypeParser(oid, format),
}

/** @returns a pool that connects on first use, with timeouts for connecting and for statements. */
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
  // A broken connection is replaced on next use. Without a listener its error would end the process. The pool listens
  // only to idle connections, so one that breaks between the statements of a transaction needs its own listener.
  pool.on('error', options.onError)
  pool.on('connect', (client) => client.on('error', options.onError))
  return pool
}
