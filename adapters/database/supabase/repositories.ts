import type { Repositories } from '../../../domain/repositories.ts'
import { createOperationRepositories } from '../operations/repositories.ts'
import type { UsageOptions } from '../operations/usage.ts'
import { createApiKeyRepository } from './api-keys.ts'
import { createSupabase, type SupabaseOptions } from './client.ts'
import { createCustomerRepository } from './customers.ts'
import { createIdempotencyRepository } from './idempotency.ts'
import { createInvoiceRepository } from './invoices.ts'
import { createNoticeRepository } from './notices.ts'
import { createSupabaseOperations } from './operations.ts'
import { createPlanMigrationRepository } from './plan-migrations.ts'
import { createReadiness } from './readiness.ts'
import { createReconciliationRepository } from './reconciliation.ts'
import { createTables } from './rows.ts'
import { createStripeEventRepository } from './stripe-events.ts'
import { createStripePriceRepository } from './stripe-prices.ts'
import { createSubscriptionRepository } from './subscriptions.ts'
import { createSyncCursorRepository } from './sync-cursors.ts'

/** All repositories over one Supabase project: no connection of our own, and so none to lose. */
export function createSupabaseRepositories(
  project: SupabaseOptions,
  options: UsageOptions = {},
): Repositories {
  const supabase = createSupabase(project)
  const tables = createTables(supabase)
  const operations = createSupabaseOperations(supabase)
  const subscriptions = createSubscriptionRepository(tables, operations)
  const customers = createCustomerRepository(tables, operations)
  const { drain, stripeEventIntake, ...shared } = createOperationRepositories(
    operations,
    { customers, subscriptions },
    options,
  )
  return {
    ...shared,
    subscriptions,
    customers,
    planMigrations: createPlanMigrationRepository(tables, operations),
    invoices: createInvoiceRepository(tables, operations),
    stripeEvents: { ...createStripeEventRepository(tables, operations), ...stripeEventIntake },
    reconciliations: createReconciliationRepository(tables, operations),
    stripePrices: createStripePriceRepository(tables, operations),
    syncCursors: createSyncCursorRepository(tables, operations),
    notices: createNoticeRepository(tables, operations),
    idempotency: createIdempotencyRepository(tables),
    apiKeys: createApiKeyRepository(tables, operations),
    ping: createReadiness(operations),
    close: drain,
  }
}
