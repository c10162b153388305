import type { CustomerRepository } from '../../../domain/customer/repository.ts'
import type { Repositories } from '../../../domain/repositories.ts'
import type { SubscriptionRepository } from '../../../domain/subscription/repository.ts'
import type { StripeEventRepository } from '../../../domain/stripe/event-repository.ts'
import { createCatalogueRepository } from './catalogue.ts'
import { createDriftRepository } from './drift.ts'
import { createFigureRepository } from './figures.ts'
import { createOverageReportRepository } from './overage-reports.ts'
import { createPlanRepository } from './plans.ts'
import type { Operations } from './port.ts'
import { createRetentionRepository } from './retention.ts'
import { createStripeCatalogueRepository } from './stripe-catalogue.ts'
import { createStripeEventIntake } from './stripe-event-intake.ts'
import { createStripeInboxRepository } from './stripe-inbox.ts'
import { createStripePaceRepository } from './stripe-pace.ts'
import { createUsageAlertRepository } from './usage-alerts.ts'
import { batchUsage } from './usage-batches.ts'
import { createUsageExtrasRepository } from './usage-extras.ts'
import { createUsageRepository, type UsageOptions } from './usage.ts'
import { createWebhookDeliveryRepository } from './webhook-deliveries.ts'
import { createWebhookEndpointRepository } from './webhook-endpoints.ts'

type OfOperations = Pick<
  Repositories,
  | 'plans'
  | 'catalogue'
  | 'stripeCatalogue'
  | 'usage'
  | 'usageExtras'
  | 'usageAlerts'
  | 'overageReports'
  | 'retention'
  | 'stripeInbox'
  | 'stripePace'
  | 'drift'
  | 'figures'
  | 'webhooks'
>

/** The repositories that consist of operations, whichever way those are asked for. */
export function createOperationRepositories(
  operations: Operations,
  reads: { readonly customers: CustomerRepository; readonly subscriptions: SubscriptionRepository },
  options: UsageOptions,
): OfOperations & {
  readonly stripeEventIntake: Pick<StripeEventRepository, 'record' | 'recordMissing'>
  readonly drain: () => Promise<void>
} {
  const plans = createPlanRepository(operations)
  const { drain: drainEvents, ...stripeEventIntake } = createStripeEventIntake(operations)
  const { drain: drainPace, ...stripePace } = createStripePaceRepository(operations)
  const { drain: drainUsage, ...usage } = batchUsage(
    createUsageRepository(operations, { plans, ...reads }, options),
    options.watch,
  )
  return {
    plans,
    catalogue: createCatalogueRepository(operations),
    stripeCatalogue: createStripeCatalogueRepository(operations),
    usage,
    usageExtras: createUsageExtrasRepository(operations),
    usageAlerts: createUsageAlertRepository(operations),
    overageReports: createOverageReportRepository(operations),
    retention: createRetentionRepository(operations),
    stripeInbox: createStripeInboxRepository(operations),
    stripePace,
    drift: createDriftRepository(operations),
    figures: createFigureRepository(operations),
    webhooks: {
      endpoints: createWebhookEndpointRepository(operations),
      deliveries: createWebhookDeliveryRepository(operations),
    },
    stripeEventIntake,
    drain: async () => {
      await Promise.all([drainUsage(), drainEvents(), drainPace()])
    },
  }
}
