import type { Repositories } from '../../../domain/repositories.ts'
import { createApiKeyRepository } from './api-keys.ts'
import { createCatalogueRepository } from './catalogue.ts'
import { createCustomerRepository } from './customers.ts'
import { createCustomerUpdateRepository } from './customer-updates.ts'
import { createDecisionRepository } from './decisions.ts'
import { createDriftRepository } from './drift.ts'
import { createExportRepository } from './exports.ts'
import { createFigureRepository } from './figures.ts'
import { createIdempotencyRepository } from './idempotency.ts'
import { createInvoiceRepository } from './invoices.ts'
import { createLetterRepository } from './letters.ts'
import { createOverageReportRepository } from './overage-reports.ts'
import { createPageSessionRepository } from './page-sessions.ts'
import { createPlanMigrationRepository } from './plan-migrations.ts'
import { createPlanRepository } from './plans.ts'
import type { Operations } from './port.ts'
import { createReconciliationRepository } from './reconciliation.ts'
import { createRetentionRepository } from './retention.ts'
import { createStripeCatalogueRepository } from './stripe-catalogue.ts'
import { createStripeEventIntake } from './stripe-event-intake.ts'
import { createStripeEventRepository } from './stripe-events.ts'
import { createStripeInboxRepository } from './stripe-inbox.ts'
import { createStripePaceRepository } from './stripe-pace.ts'
import { createStripePriceRepository } from './stripe-prices.ts'
import { createSubscriptionRepository } from './subscriptions.ts'
import { createSyncCursorRepository } from './sync-cursors.ts'
import type { Tables } from './tables.ts'
import { createTrialRepository } from './trials.ts'
import { createUsageAlertRepository } from './usage-alerts.ts'
import { batchUsage } from './usage-batches.ts'
import { createUsageExtrasRepository } from './usage-extras.ts'
import { createUsageRepository, type UsageOptions } from './usage.ts'
import { createWebhookDeliveryRepository } from './webhook-deliveries.ts'
import { createWebhookEndpointRepository } from './webhook-endpoints.ts'

/** How a database is reached: its tables and its operations. */
export type DatabaseAccess = {
  readonly tables: Tables
  readonly operations: Operations
  /** Resolves if the database answers; rejects otherwise. */
  readonly ping: () => Promise<void>
  /** Ends the connections, if there are any. */
  readonly close: () => Promise<void>
}

/** Options of the repositories, beside those of usage. */
export type RepositoryOptions = UsageOptions & {
  /** The keys of the hashes of people who had a trial; without any the hashes have no key. */
  readonly trialSecrets?: readonly string[] | undefined
}

/**
 * All repositories on one database. `close` waits until every request that was accepted has its reply.
 * @param options.latenessMaxMs how long after it occurred usage is still counted, in milliseconds; 24 hours if absent.
 */
export function createDatabaseRepositories(
  { tables, operations, ping, close }: DatabaseAccess,
  options: RepositoryOptions,
): Repositories {
  const plans = createPlanRepository(operations)
  const customers = createCustomerRepository(tables, operations)
  const subscriptions = createSubscriptionRepository(tables, operations)
  const { drain: drainEvents, ...stripeEventIntake } = createStripeEventIntake(operations)
  const { drain: drainPace, ...stripePace } = createStripePaceRepository(operations)
  const { drain: drainUsage, ...usage } = batchUsage(
    createUsageRepository(operations, { plans, customers, subscriptions }, options),
    options.watch,
  )
  return {
    plans,
    customers,
    customerUpdates: createCustomerUpdateRepository(operations),
    subscriptions,
    decisions: createDecisionRepository(operations),
    trials: createTrialRepository(operations, options.trialSecrets),
    usage,
    stripePace,
    catalogue: createCatalogueRepository(operations),
    stripeCatalogue: createStripeCatalogueRepository(operations),
    planMigrations: createPlanMigrationRepository(tables, operations),
    invoices: createInvoiceRepository(tables, operations),
    usageExtras: createUsageExtrasRepository(operations),
    usageAlerts: createUsageAlertRepository(operations),
    overageReports: createOverageReportRepository(operations),
    retention: createRetentionRepository(operations),
    stripeEvents: { ...createStripeEventRepository(tables, operations), ...stripeEventIntake },
    stripeInbox: createStripeInboxRepository(operations),
    syncCursors: createSyncCursorRepository(tables, operations),
    drift: createDriftRepository(operations),
    figures: createFigureRepository(operations),
    exports: createExportRepository(operations),
    reconciliations: createReconciliationRepository(tables, operations),
    stripePrices: createStripePriceRepository(tables, operations),
    letters: createLetterRepository(tables, operations),
    idempotency: createIdempotencyRepository(tables),
    apiKeys: createApiKeyRepository(tables, operations),
    pageSessions: createPageSessionRepository(tables, operations),
    webhooks: {
      endpoints: createWebhookEndpointRepository(operations),
      deliveries: createWebhookDeliveryRepository(operations),
    },
    ping,
    close: async () => {
      await Promise.all([drainUsage(), drainEvents(), drainPace()])
      await close()
    },
  }
}
