import type { Generated, JSONColumnType, Selectable } from 'kysely'
import type { LetterKind } from '../../../domain/customer/letter.ts'
import type { LetterContent } from '../../../domain/customer/letter-content.ts'
import type { StripeObjectIds } from '../../../domain/stripe/event.ts'
import type { Collection } from '../../../domain/stripe/snapshot.ts'
import type {
  DriftFindingsTable,
  ReconciliationRunsTable,
  ReconciliationSeenTable,
  StripePricesTable,
} from './drift-tables.ts'
import type { Instant } from './instant-column.ts'
import type {
  PlansTable,
  PlanVersionsTable,
  FeaturesTable,
  CatalogueChangesTable,
  PlanFeaturesTable,
} from './catalogue-tables.ts'
import type {
  FeatureUsageTable,
  UsageEventsTable,
  UsageOverridesTable,
  UsageGrantsTable,
  OperatorActionsTable,
} from './usage-tables.ts'
import type { PlanMigrationTables } from './plan-migration-tables.ts'
import type { WebhookTables } from './webhook-tables.ts'
import type {
  Addon,
  AddonUnits,
  Discount,
  ForeignItem,
} from '../../../domain/subscription/subscription.ts'
import type { Actor, ChangeFacts, ChangeKind } from '../../../domain/subscription/timeline.ts'

/** A customer, by the application’s own user id. */
export type CustomersTable = {
  user_id: string
  stripe_customer_id: string | null
  email: string | null
  name: string | null
  details_revision: Generated<number>
  details_due_at: Instant | null
  details_attempts: Generated<number>
  locale: Generated<string>
  time_zone: string | null
  stripe_generation: Generated<number>
  /** The subscription under which the customer’s usage is counted; null before the first one. */
  usage_home: Generated<string | null>
  created_at: Instant
}

/** A discount as JSON keeps it. */
type StoredDiscount = Omit<Discount, 'endsAt'> & { readonly endsAt: string | null }

/** A subscription. `subscriptionFromRow` gives its facts by status; constraints of the table guarantee them. */
export type SubscriptionsTable = {
  id: string
  user_id: string
  product_line: string
  plan_version_id: string
  status: string
  anchor: Instant | null
  period_start: Instant | null
  period_end: Instant | null
  trial_end: Instant | null
  cancel_at: Instant | null
  past_due_since: Instant | null
  ended_at: Instant | null
  access_until: Instant | null
  stripe_subscription_id: string | null
  checkout_session_id: string | null
  checkout_url: string | null
  checkout_expires_at: Instant | null
  checkout_generation: number
  checkout_plan_version_id: string | null
  pending_kind: 'scheduled' | 'awaiting_payment' | null
  pending_plan_version_id: string | null
  pending_quantity: number | null
  /** Null without a pending change, and from the release before. */
  pending_addons: JSONColumnType<AddonUnits[]> | null
  pending_at: Instant | null
  pending_payment_url: string | null
  quantity: Generated<number>
  discount: JSONColumnType<StoredDiscount> | null
  stripe_item_id: string | null
  addons: JSONColumnType<Addon[]> | null
  foreign_items: JSONColumnType<ForeignItem[]> | null
  resumes_at: Instant | null
  paused_at: Instant | null
  payment_processing: 'first' | 'later' | null
  collection_pause: string | null
  collection_resumes_at: Instant | null
  collection_paid_until: Instant | null
  /** The subscription under which the customer’s usage is counted; set by the database. */
  usage_home: Generated<string>
  drift: string | null
  observed_seq: number
  created_at: Instant
  updated_at: Instant
}

/** An entry of a timeline. `seq` counts from 1 within its subscription. */
export type SubscriptionChangesTable = {
  subscription_id: string
  seq: number
  at: Instant
  actor: Actor
  kind: ChangeKind
  before: JSONColumnType<ChangeFacts> | null
  after: JSONColumnType<ChangeFacts>
  cause: string
  key_id: string | null
  asked_by: string | null
}

/** An invoice as Stripe had it at the last reading. Amounts are in minor units. */
export type InvoicesTable = {
  id: string
  subscription_id: string
  number: string | null
  status: string
  currency: string
  subtotal_minor: number | null
  discount_minor: number | null
  tax_minor: number | null
  total_minor: number | null
  amount_due_minor: number
  amount_paid_minor: number
  period_start: Instant
  period_end: Instant
  attempt_count: number
  next_payment_attempt: Instant | null
  due_at: Instant | null
  hosted_invoice_url: string | null
  created_at: Instant
  billing_reason: string
  collection: Collection
  paid_at: Instant | null
  credit_used_minor: number
  is_empty: boolean
  credited_minor: number
  refunded_minor: number
  dispute_status: string | null
  observed_seq: number
}

/** A letter to a customer. `key` names the fact that it is about. */
export type NoticesTable = {
  key: string
  subscription_id: string
  kind: LetterKind
  content: JSONColumnType<LetterContent>
  state: Generated<'pending' | 'sent' | 'skipped' | 'failed'>
  attempts: Generated<number>
  due_at: Instant
  last_error: string | null
  created_at: Instant
  sent_at: Instant | null
}

/** An event of Stripe in the inbox. `payload` is deleted after a while. */
export type StripeEventsTable = {
  account: string
  livemode: boolean
  event_id: string
  type: string
  api_version: string | null
  created_at: Instant
  received_at: Instant
  object_ids: JSONColumnType<StripeObjectIds>
  payload: JSONColumnType<object> | null
  subscription_id: string | null
  state: Generated<'received' | 'forwarded' | 'done' | 'parked'>
  reason: string | null
  attempts: Generated<number>
  due_at: Instant
  last_error: string | null
  traceparent: string | null
}

/** How far a listing was read. A process that claims it has it until `due_at`. */
export type SyncCursorsTable = {
  name: string
  position: Instant
  due_at: Instant
}

/** The response to a request with an `Idempotency-Key`; null until there is one. */
export type IdempotencyKeysTable = {
  caller: string
  key: string
  request_hash: string
  response_status: number | null
  response_body: JSONColumnType<object> | null
  created_at: Instant
}

/** An API key, without the key itself. */
export type ApiKeysTable = {
  id: string
  name: string
  prefix: string
  hash: string
  scopes: string[]
  created_at: Instant
  expires_at: Instant | null
  last_used_at: Instant | null
  revoked_at: Instant | null
  created_by: string | null
  revoked_by: string | null
  rotated_from: string | null
}

/** A session of the account page or the console. `owner` is the user, or the hash of the API key. */
export type PageSessionsTable = {
  id: string
  kind: 'account' | 'console'
  owner: string
  began_at: Instant
  ends_at: Instant
}

/** All tables that the service reads and writes, by name. */
export type Database = {
  plans: PlansTable
  plan_versions: PlanVersionsTable
  features: FeaturesTable
  plan_features: PlanFeaturesTable
  catalogue_changes: CatalogueChangesTable
  customers: CustomersTable
  subscriptions: SubscriptionsTable
  subscription_changes: SubscriptionChangesTable
  invoices: InvoicesTable
  notices: NoticesTable
  stripe_events: StripeEventsTable
  sync_cursors: SyncCursorsTable
  drift_findings: DriftFindingsTable
  stripe_prices: StripePricesTable
  reconciliation_runs: ReconciliationRunsTable
  reconciliation_seen: ReconciliationSeenTable
  feature_usage: FeatureUsageTable
  usage_events: UsageEventsTable
  usage_overrides: UsageOverridesTable
  usage_grants: UsageGrantsTable
  operator_actions: OperatorActionsTable
  idempotency_keys: IdempotencyKeysTable
  api_keys: ApiKeysTable
  page_sessions: PageSessionsTable
} & PlanMigrationTables &
  WebhookTables

/** A row as a connection returns it. */
export type Row<Table extends keyof Database> = Selectable<Database[Table]>
