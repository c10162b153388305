import { Kysely, PostgresDialect, sql, type Logger } from 'kysely'
import type pg from 'pg'
import type { Repositories } from '../../../domain/repositories.ts'
import { nameStatement, type StatementWatch } from '../../telemetry/sql.ts'
import {
  createDatabaseRepositories,
  type DatabaseAccess,
  type RepositoryOptions,
} from '../operations/repositories.ts'
import type { Database } from '../tables/schema.ts'
import { createPostgresOperations } from './operations.ts'
import { closingSilentConnections } from './silent-connections.ts'
import { createPostgresTables } from './tables.ts'

type PostgresOptions = RepositoryOptions & { readonly onStatement?: StatementWatch | undefined }

/** All repositories on one pool. Closing them ends the pool. */
export const createPostgresRepositories = (
  pool: pg.Pool,
  { onStatement, ...options }: PostgresOptions = {},
): Repositories => createDatabaseRepositories(createPostgresAccess(pool, onStatement), options)

/** How a pool reaches its database. */
export function createPostgresAccess(pool: pg.Pool, onStatement?: StatementWatch): DatabaseAccess {
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: closingSilentConnections(pool) }),
    ...(onStatement && { log: reporterOf(onStatement) }),
  })
  return {
    tables: createPostgresTables(db),
    operations: createPostgresOperations(db),
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: () => db.destroy(),
  }
}

/** Kysely logs a statement after its reply, still in the async context of the caller. */
const reporterOf =
  (onStatement: StatementWatch): Logger =>
  ({ level, query, queryDurationMillis }) =>
    onStatement({
      ...nameStatement(query.sql),
      durationMs: queryDurationMillis,
      isFailed: level === 'error',
    })
