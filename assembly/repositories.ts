import { randomUUID } from 'node:crypto'
import type { Repositories } from '../domain/repositories.ts'
import type { RepositoryOptions } from '../adapters/database/operations/repositories.ts'
import { createPool, type Pooler } from '../adapters/database/postgres/pool.ts'
import { createPostgresRepositories } from '../adapters/database/postgres/repositories.ts'
import { createSupabaseRepositories } from '../adapters/database/supabase/repositories.ts'
import { statementSpans } from '../adapters/telemetry/sql.ts'
import type { Telemetry } from '../adapters/telemetry/telemetry.ts'
import { watchBatches } from '../adapters/telemetry/usage-batches.ts'

/** The database: Postgres over our own connections, or a Supabase project over PostgREST. */
export type DatabaseConfig =
  | {
      readonly kind: 'postgres'
      readonly url: string
      readonly connectionsMax: number
      readonly pooler?: Pooler
    }
  | { readonly kind: 'supabase'; readonly url: string; readonly serviceRoleKey: string }

type Options = Pick<RepositoryOptions, 'latenessMaxMs' | 'settlePolicy' | 'trialSecrets'> & {
  /** The process, shown in the database's list of connections. */
  readonly name: string
  readonly onError: (cause: Error) => void
  readonly telemetry?: Telemetry | undefined
}

/** Chooses the database. Both kinds behave the same: `test/adapters/database/repositories` runs on each. */
export function createRepositories(
  database: DatabaseConfig,
  { name, onError, telemetry, latenessMaxMs, settlePolicy, trialSecrets }: Options,
): Repositories {
  const onStatement = telemetry && statementSpans(telemetry)
  const options = {
    latenessMaxMs,
    settlePolicy,
    trialSecrets,
    watch: telemetry && watchBatches(telemetry),
  }
  switch (database.kind) {
    case 'supabase':
      return createSupabaseRepositories({ ...database, onStatement }, options)
    case 'postgres': {
      const { url: databaseUrl, ...pool } = database
      const applicationName = `perennial-${name}-${randomUUID().slice(0, 8)}`
      return createPostgresRepositories(
        createPool({ databaseUrl, ...pool, applicationName, onError }),
        { ...options, onStatement },
      )
    }
  }
}
