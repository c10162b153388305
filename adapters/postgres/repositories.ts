import { Kysely, PostgresDialect, sql } from 'kysely'
import type pg from 'pg'
import type { Repositories } from '../../domain/repositories.ts'
import { createApiKeyRepository } from './api-keys.ts'
import { createCatalogueRepository } from './catalogue.ts'
import { createCustomerRepository } from './customers.ts'
import { createDriftRepository } from './drift.ts'
import { createIdempotencyRepository } from './idempotency.ts'
import { createInvoiceRepository } from './invoices.ts'
import { createNoticeRepository } from './notices.ts'
import { createOverageReportRepository } from './overage-reports.ts'
import { createReconciliationRepository } from './reconciliation.ts'
import { createRetentionRepository } from './retention.ts'
import { createPlanMigrationRepository } from './plan-migrations.ts'
import { createPlanRepository } from './plans.ts'
import type { Database } from './schema.ts'
import { endingSilentConnections } from './silent-connections.ts'
import { createStripeCatalogueRepository } from './stripe-catalogue.ts'
import { createStripeEventRepository } from './stripe-events.ts'
import { createStripeInboxRepository } from './stripe-inbox.ts'
import { createStripePriceRepository } from './stripe-prices.ts'
import { createSubscriptionRepository } from './subscriptions.ts'
import { createSyncCursorRepository } from './sync-cursors.ts'
import { createUsageAlertRepository } from './usage-alerts.ts'
import { batchUsage } from './usage-batches.ts'
import { createUsageExtrasRepository } from './usage-extras.ts'
import { createUsageRepository, type UsageOptions } from './usage.ts'

/** All repositories on one pool, which they close, once everybody who asked has an answer. */
export function createPostgresRepositories(
  pool: pg.Pool,
  options: UsageOptions = {},
): Repositories {
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: endingSilentConnections(pool) }),
  })
  const plans = createPlanRepository(db)
  const subscriptions = createSubscriptionRepository(db)
  const customers = createCustomerRepository(db)
  const reads = { plans, customers, subscriptions }
  const usage = batchUsage(createUsageRepository(db, reads, options))
  return {
    plans,
    catalogue: createCatalogueRepository(db),
    stripeCatalogue: createStripeCatalogueRepository(db),
    planMigrations: createPlanMigrationRepository(db),
    subscriptions,
    customers,
    invoices: createInvoiceRepository(db),
    usage,
    usageExtras: createUsageExtrasRepository(db),
    usageAlerts: createUsageAlertRepository(db),
    overageReports: createOverageReportRepository(db),
    retention: createRetentionRepository(db),
    stripeEvents: createStripeEventRepository(db),
    stripeInbox: createStripeInboxRepository(db),
    drift: createDriftRepository(db),
    reconciliations: createReconciliationRepository(db),
    stripePrices: createStripePriceRepository(db),
    syncCursors: createSyncCursorRepository(db),
    notices: createNoticeRepository(db),
    idempotency: createIdempotencyRepository(db),
    apiKeys: createApiKeyRepository(db),
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: async () => {
      await usage.drain()
      await db.destroy()
    },
  }
}
