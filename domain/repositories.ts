import type { DriftRepository } from './stripe/drift.ts'
import type { FigureRepository } from './operator/figures.ts'
import type { ApiKeyRepository } from './operator/api-key.ts'
import type { SubscriptionId } from './ids.ts'
import type { CatalogueRepository } from './catalogue/repository.ts'
import type { InvoiceChange, Invoice } from './invoice/invoice.ts'
import type { Notice, NoticeContent, NoticeKind } from './customer/letter.ts'
import type { OverageReportRepository } from './usage/overage-report.ts'
import type { StripeCatalogueRepository } from './stripe/catalogue-at-stripe.ts'
import type { PlanMigrationRepository } from './migration/repository.ts'
import type { PlanFeature, PlanVersion } from './catalogue/plan.ts'
import type { QuotaWindow } from './usage/quota-window.ts'
import type { ReconciliationRepository } from './stripe/reconciliation.ts'
import type { RetentionRepository } from './operator/retention.ts'
import type { ReservationRepository } from './usage/reservation.ts'
import type { StripeObjectIds } from './stripe/event.ts'
import type { StripeEventRepository } from './stripe/event-repository.ts'
import type { StripeInboxRepository } from './stripe/inbox.ts'
import type { StripePaceRepository } from './stripe/pace.ts'
import type { StripePriceRepository } from './stripe/price.ts'
import type { Subscription } from './subscription/subscription.ts'
import type { SubscriptionFilter, SubscriptionPage } from './subscription/search.ts'
import type { SyncCursorRepository } from './stripe/sync-cursor.ts'
import type { Actor, Change } from './subscription/timeline.ts'
import type {
  CheckOutcome,
  ConsumeOutcome,
  ConsumeRequest,
  UsageCounter,
  UsageQuestion,
} from './usage/usage.ts'
import type { UsageAlert, UsageAlertRepository } from './usage/alert.ts'
import type { UsageExtrasRepository } from './usage/extras.ts'
import type { HistoryBucket, HistoryQuestion } from './usage/history.ts'
import type { WebhookRepository } from './webhook/repository.ts'

export type PlanRepository = {
  /** The versions that are on sale now, one per plan, by rank. */
  /** A plan that is sold in several currencies is there once for each, its first one first. */
  readonly listActive: () => Promise<PlanVersion[]>
  /**
   * The version on sale of a plan named by slug or id, in this currency if it is sold in it, or else in its first one;
   * undefined when there is none.
   */
  readonly findActive: (slugOrId: string, currency?: string) => Promise<PlanVersion | undefined>
  /** What this user gets of a plan at `at`: the version made for them alone, or else the one on sale. */
  readonly findOffered: (
    slugOrId: string,
    to: {
      readonly userId: string
      readonly at: Date
      readonly currency?: string | undefined
    },
  ) => Promise<PlanVersion | undefined>
  /** @throws when no such version was published: our data would be broken. */
  readonly getVersion: (planVersionId: string) => Promise<PlanVersion>
  readonly findByStripePrice: (stripePriceId: string) => Promise<PlanVersion | undefined>
  /** Remembers what a version is called at Stripe. Running it twice changes nothing. */
  readonly recordStripeIds: (
    planVersionId: string,
    ids: { readonly productId: string; readonly priceId: string },
  ) => Promise<void>
}

export type Customer = {
  readonly userId: string
  readonly stripeCustomerId: string | null
  readonly email: string | null
  readonly locale: string
  /** An IANA name; null counts quotas from the subscription's anchor, in UTC. */
  readonly timeZone: string | null
  /** Counts the customers that the user had at Stripe: one that is deleted there is followed by another. */
  readonly stripeGeneration: number
}

export type CustomerRepository = {
  readonly find: (userId: string) => Promise<Customer | undefined>
  /** Creates the customer, or takes over the fields that are given. */
  readonly upsert: (
    customer: {
      readonly userId: string
      readonly email?: string
      readonly locale?: string
      readonly timeZone?: string
    },
    at: Date,
  ) => Promise<Customer>
  /** The first id recorded stays; the answer is the one that counts. */
  readonly recordStripeCustomer: (userId: string, stripeCustomerId: string) => Promise<string>
  readonly findByStripeCustomer: (stripeCustomerId: string) => Promise<Customer | undefined>
  /** The customer is gone at Stripe: the next checkout makes another. Running it twice forgets it once. */
  readonly forgetStripeCustomer: (stripeCustomerId: string) => Promise<void>
}

/** Everything that one step of a workflow writes, in one transaction. */
export type SubscriptionWrite = {
  readonly before: Subscription
  /** Written with `observedSeq` one after `before`'s. */
  readonly after: Subscription
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
  readonly changes: readonly Change[]
  readonly notices: readonly Notice[]
  /** Windows to open; one that is open already keeps its usage and takes over the limit. */
  readonly windows: readonly QuotaWindow[]
  /** Ends the windows that are open at this instant first: the anchor moved, counting starts anew. */
  readonly endWindowsAt: Date | null
  /** The alert that this step tells: it is told when it commits. */
  readonly alert: UsageAlert | null
  /** Ids of the Stripe events that this step took in: they are done when it commits. */
  readonly eventIds: readonly string[]
  /** The trace that it belongs to, as W3C writes it: what it tells an application goes on there. */
  readonly traceparent?: string | null
}

/** `superseded`: another write came in between, so what was decided here no longer counts. */
export type WriteOutcome = 'saved' | 'superseded'

/** `taken`: the user has a live subscription of this product line already. */
export type CreateOutcome =
  | { readonly kind: 'created' }
  | { readonly kind: 'repeated'; readonly subscription: Subscription }
  | { readonly kind: 'taken'; readonly by: SubscriptionId }

export type TimelineEntry = Change & {
  readonly seq: number
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
}

export type SubscriptionRepository = {
  readonly find: (id: SubscriptionId) => Promise<Subscription | undefined>
  readonly findLive: (userId: string, productLine: string) => Promise<Subscription | undefined>
  /** Whether the user began a trial in this product line before; there is one per user. */
  readonly hadTrial: (userId: string, productLine: string) => Promise<boolean>
  readonly listOfUser: (userId: string, limit: number) => Promise<Subscription[]>
  readonly create: (subscription: Subscription) => Promise<CreateOutcome>
  readonly save: (write: SubscriptionWrite) => Promise<WriteOutcome>
  readonly timeline: (id: SubscriptionId, limit: number) => Promise<TimelineEntry[]>
  /** For operators: whoever's they are, the newest first. */
  readonly search: (filter: SubscriptionFilter, page: SubscriptionPage) => Promise<Subscription[]>
  /** The subscription that a Stripe object belongs to, by any of the ids that it carries. */
  readonly findByStripeIds: (ids: StripeObjectIds) => Promise<Subscription | undefined>
}

/** Everything that one reading of a bill writes, in one transaction. */
export type InvoiceWrite = {
  readonly before: Invoice | undefined
  /** Its `observedSeq` is one after `before`'s. */
  readonly after: Invoice
  /** The subscription that it belongs to, as its timeline shows it. */
  readonly subscription: Subscription
  readonly at: Date
  readonly changes: readonly InvoiceChange[]
  readonly notices: readonly Notice[]
  /** Ids of the Stripe events that told of it: they are done when it commits. */
  readonly eventIds: readonly string[]
  /** As of a subscription's step. */
  readonly traceparent?: string | null
}

export type InvoicePage = { readonly limit: number; readonly after: string | undefined }

export type InvoiceRepository = {
  readonly find: (id: string) => Promise<Invoice | undefined>
  /** `superseded`: another reading was written in between, so Stripe has to be read again. */
  readonly save: (write: InvoiceWrite) => Promise<WriteOutcome>
  /** The bills of a user, the newest first; drafts are nobody's business yet. `after` is the id of a bill. */
  readonly listOfUser: (userId: string, page: InvoicePage) => Promise<Invoice[]>
}

export type FeatureUsage = {
  readonly feature: PlanFeature
  /** In the window that is open, or would open with the first use; null for what nobody counts. */
  readonly standing: UsageCounter | null
}

export type UsageRepository = ReservationRepository & {
  /** Decides, counts and records all requests in one atomic statement; answers in their order. */
  readonly consume: (requests: readonly ConsumeRequest[], at: Date) => Promise<ConsumeOutcome[]>
  /** What `consume` would say. Counts nothing. */
  readonly check: (question: UsageQuestion, at: Date) => Promise<CheckOutcome>
  /** Where a subscription stands at `at`, feature by feature. */
  readonly list: (subscription: Subscription, at: Date) => Promise<FeatureUsage[]>
  /** Calls `listener` after usage was counted that may have reached a threshold. There is one listener. */
  readonly whenAlerted: (listener: () => void) => void
  /** A user's ledger of one feature by buckets of time, empty ones too. */
  readonly history: (question: HistoryQuestion) => Promise<HistoryBucket[]>
}

export type StoredNotice = {
  readonly key: string
  readonly kind: NoticeKind
  readonly content: NoticeContent
  readonly userId: string
  readonly email: string | null
  readonly locale: string
  readonly attempts: number
}

export type NoticeRepository = {
  /** Takes up to `limit` notices that are due, of one subscription or of all, for `leaseMs`. */
  readonly claimDue: (
    at: Date,
    limit: number,
    leaseMs: number,
    subscriptionId?: SubscriptionId,
  ) => Promise<StoredNotice[]>
  readonly markSent: (key: string, at: Date) => Promise<void>
  readonly skip: (key: string, reason: string) => Promise<void>
  readonly postpone: (key: string, error: string, until: Date) => Promise<void>
  readonly giveUp: (key: string, error: string) => Promise<void>
}

export type IdempotencyRepository = {
  /** Opens the key for a request, or tells what came of it before. */
  readonly open: (
    caller: string,
    key: string,
    requestHash: string,
    at: Date,
  ) => Promise<
    /** Nothing was answered under it yet; `isRepeat` when it came before, and may be carried out already. */
    | { readonly kind: 'opened'; readonly isRepeat: boolean }
    | { readonly kind: 'reused' }
    | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  >
  readonly answer: (caller: string, key: string, status: number, body: unknown) => Promise<void>
}

export type Repositories = {
  readonly plans: PlanRepository
  readonly catalogue: CatalogueRepository
  readonly stripeCatalogue: StripeCatalogueRepository
  readonly planMigrations: PlanMigrationRepository
  readonly customers: CustomerRepository
  readonly subscriptions: SubscriptionRepository
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
  readonly reconciliations: ReconciliationRepository
  readonly stripePrices: StripePriceRepository
  readonly notices: NoticeRepository
  readonly idempotency: IdempotencyRepository
  readonly apiKeys: ApiKeyRepository
  readonly webhooks: WebhookRepository
  /** Resolves when the database answers; rejects otherwise. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}
