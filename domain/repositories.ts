import type { PlanRepository } from './catalogue/plan-repository.ts'
import type { CatalogueRepository } from './catalogue/repository.ts'
import type { LetterRepository } from './customer/letter-repository.ts'
import type { CustomerUpdateRepository } from './customer/details.ts'
import type { CustomerRepository } from './customer/repository.ts'
import type { DecisionRepository } from './decision/repository.ts'
import type { IdempotencyRepository } from './idempotency.ts'
import type { InvoiceRepository } from './invoice/repository.ts'
import type { PlanMigrationRepository } from './migration/repository.ts'
import type { ApiKeyRepository } from './operator/api-key.ts'
import type { ExportRepository } from './operator/exports.ts'
import type { FigureRepository } from './operator/figures.ts'
import type { PageSessionRepository } from './operator/page-session.ts'
import type { RetentionRepository } from './operator/retention.ts'
import type { StripeCatalogueRepository } from './stripe/catalogue-at-stripe.ts'
import type { DriftRepository } from './stripe/drift.ts'
import type { StripeEventRepository } from './stripe/event-repository.ts'
import type { StripeInboxRepository } from './stripe/inbox.ts'
import type { StripePaceRepository } from './stripe/pace.ts'
import type { StripePriceRepository } from './stripe/price.ts'
import type { ReconciliationRepository } from './stripe/reconciliation.ts'
import type { SyncCursorRepository } from './stripe/sync-cursor.ts'
import type { SubscriptionRepository } from './subscription/repository.ts'
import type { TrialRepository } from './subscription/trial-repository.ts'
import type { UsageAlertRepository } from './usage/alert.ts'
import type { UsageExtrasRepository } from './usage/extras.ts'
import type { OverageReportRepository } from './usage/overage-report.ts'
import type { UsageRepository } from './usage/repository.ts'
import type { WebhookRepository } from './webhook/repository.ts'

/** The ports to the database, one for each noun. */
export type Repositories = {
  readonly plans: PlanRepository
  readonly catalogue: CatalogueRepository
  readonly stripeCatalogue: StripeCatalogueRepository
  readonly planMigrations: PlanMigrationRepository
  readonly customers: CustomerRepository
  readonly customerUpdates: CustomerUpdateRepository
  readonly subscriptions: SubscriptionRepository
  readonly decisions: DecisionRepository
  readonly trials: TrialRepository
  readonly invoices: InvoiceRepository
  readonly usage: UsageRepository
  readonly usageExtras: UsageExtrasRepository
  readonly usageAlerts: UsageAlertRepository
  readonly overageReports: OverageReportRepository
  readonly retention: RetentionRepository
  readonly stripeEvents: StripeEventRepository
  readonly stripeInbox: StripeInboxRepository
  readonly stripePace: StripePaceRepository
  readonly syncCursors: SyncCursorRepository
  readonly drift: DriftRepository
  readonly figures: FigureRepository
  readonly exports: ExportRepository
  readonly reconciliations: ReconciliationRepository
  readonly stripePrices: StripePriceRepository
  readonly letters: LetterRepository
  readonly idempotency: IdempotencyRepository
  readonly apiKeys: ApiKeyRepository
  readonly pageSessions: PageSessionRepository
  readonly webhooks: WebhookRepository
  /** Resolves when the database answers; rejects otherwise. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}
