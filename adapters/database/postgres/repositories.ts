import { Kysely, PostgresDialect, sql, type Logger } from 'kysely'
import type pg from 'pg'
import type { Repositories } from '../../../domain/repositories.ts'
import { nameStatement, type StatementWatch } from '../../telemetry/sql.ts'
import { createOperationRepositories } from '../operations/repositories.ts'
import type { UsageOptions } from '../operations/usage.ts'
import { createApiKeyRepository } from './api-keys.ts'
import { createCustomerRepository } from './customers.ts'
import { createIdempotencyRepository } from './idempotency.ts'
import { createInvoiceRepository } from './invoices.ts'
import { createNoticeRepository } from './notices.ts'
import { createPostgresOperations } from './operations.ts'
import { createPlanMigrationRepository } from './plan-migrations.ts'
import { createReconciliationRepository } from './reconciliation.ts'
import type { Database } from '../tables/schema.ts'
import { endingSilentConnections } from './silent-connections.ts'
import { createStripeEventRepository } from './stripe-events.ts'
import { createStripePriceRepository } from './stripe-prices.ts'
import { createSubscriptionRepository } from './subscriptions.ts'
import { createSyncCursorRepository } from './sync-cursors.ts'

/** Kysely tells of a statement when it was answered, still as a part of whatever asked. */
const told =
  (onStatement: StatementWatch): Logger =>
  ({ level, query, queryDurationMillis }) =>
    onStatement({
      ...nameStatement(query.sql),
      durationMs: queryDurationMillis,
      isFailed: level === 'error',
    })

/** All repositories on one pool, which they close, once everybody who asked has an answer. */
export function createPostgresRepositories(
  pool: pg.Pool,
  {
    onStatement,
    ...options
  }: UsageOptions & { readonly onStatement?: StatementWatch | undefined } = {},
): Repositories {
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: endingSilentConnections(pool) }),
    ...(onStatement && { log: told(onStatement) }),
  })
  const operations = createPostgresOperations(db)
  const subscriptions = createSubscriptionRepository(db, operations)
  const customers = createCustomerRepository(db)
  const { drain, stripeEventIntake, ...shared } = createOperationRepositories(
    operations,
    { customers, subscriptions },
    options,
  )
  return {
    ...shared,
    subscriptions,
    customers,
    planMigrations: createPlanMigrationRepository(db, operations),
    invoices: createInvoiceRepository(db, operations),
    stripeEvents: { ...createStripeEventRepository(db, operations), ...stripeEventIntake },
    reconciliations: createReconciliationRepository(db),
    stripePrices: createStripePriceRepository(db),
    syncCursors: createSyncCursorRepository(db),
    notices: createNoticeRepository(db, operations),
    idempotency: createIdempotencyRepository(db),
    apiKeys: createApiKeyRepository(db, operations),
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: async () => {
      await drain()
      await db.destroy()
    },
  }
}
