import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { NoticeContent, NoticeKind } from '../../domain/notice.ts'
import type { StripeObjectIds } from '../../domain/repositories.ts'
import type { OperatorAction } from '../../domain/usage-extras.ts'
import type { Collection } from '../../domain/stripe-snapshot.ts'
import type { PlanMigrationTables } from './plan-migration-tables.ts'
import type { Discount } from '../../domain/subscription.ts'
import type { Actor, ChangeFacts, ChangeKind } from '../../domain/timeline.ts'

/** Amounts are `bigint` columns; the pool parses them to numbers and refuses what a number cannot hold. */
export type Instant = ColumnType<Date, Date, Date>

export type PlansTable = {
  id: string
  slug: string
  name: string
  product_line: string
  rank: number
  created_at: Instant
}

export type PlanVersionsTable = {
  id: string
  plan_id: string
  version: number
  /** Null, like price and currency, in a draft alone. */
  period: 'monthly' | 'yearly' | null
  price_minor: number | null
  currency: string | null
  trial_days: number
  active: Generated<boolean>
  published_at: Instant | null
  retired_at: Instant | null
  custom_for: string | null
  custom_until: Instant | null
  stripe_product_id: string | null
  stripe_price_id: string | null
  created_at: Instant
}

export type FeaturesTable = {
  id: string
  code: string
  name: string
  type: 'boolean' | 'metered' | 'allocated'
  unit: string | null
  meter_event_name: string | null
}

export type CatalogueChangesTable = {
  id: Generated<number>
  at: Instant
  by: string
  kind: string
  subject: string
  before: JSONColumnType<object> | null
  after: JSONColumnType<object> | null
}

export type PlanFeaturesTable = {
  plan_version_id: string
  feature_id: string
  quota_limit: number | null
  reset: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never'
  overage: 'refuse' | 'allow' | 'bill'
  alert_thresholds: Generated<number[]>
  rollover_max: number | null
}

export type CustomersTable = {
  user_id: string
  stripe_customer_id: string | null
  email: string | null
  locale: Generated<string>
  time_zone: string | null
  created_at: Instant
}

/** As JSON keeps it. */
type StoredDiscount = Omit<Discount, 'endsAt'> & { readonly endsAt: string | null }

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
  pending_at: Instant | null
  pending_payment_url: string | null
  quantity: Generated<number>
  discount: JSONColumnType<StoredDiscount> | null
  resumes_at: Instant | null
  drift: string | null
  observed_seq: number
  created_at: Instant
  updated_at: Instant
}

export type SubscriptionChangesTable = {
  subscription_id: string
  seq: number
  at: Instant
  actor: Actor
  kind: ChangeKind
  before: JSONColumnType<ChangeFacts> | null
  after: JSONColumnType<ChangeFacts>
  cause: string
}

export type InvoicesTable = {
  id: string
  subscription_id: string
  number: string | null
  status: string
  currency: string
  amount_due_minor: number
  amount_paid_minor: number
  period_start: Instant
  period_end: Instant
  attempt_count: number
  next_payment_attempt: Instant | null
  hosted_invoice_url: string | null
  created_at: Instant
  billing_reason: string
  collection: Collection
  paid_at: Instant | null
  credited_minor: number
  refunded_minor: number
  dispute_status: string | null
  observed_seq: number
}

export type NoticesTable = {
  key: string
  subscription_id: string
  kind: NoticeKind
  content: JSONColumnType<NoticeContent>
  state: Generated<'pending' | 'sent' | 'skipped' | 'failed'>
  attempts: Generated<number>
  due_at: Instant
  last_error: string | null
  created_at: Instant
  sent_at: Instant | null
}

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
}

export type FeatureUsageTable = {
  subscription_id: string
  feature_id: string
  window_start: Instant
  window_end: Instant
  used_amount: Generated<number>
  quota_limit: number | null
  rolled_in_amount: Generated<number>
  rolled_out_amount: Generated<number>
  granted_amount: Generated<number>
  overage_amount: Generated<number>
  billed_amount: Generated<number>
  reported_amount: Generated<number>
  has_extras: Generated<boolean>
  alert_at: Generated<number | null>
}

export type UsageEventsTable = {
  recorded_month: string
  subscription_id: string
  idempotency_key: string
  feature_id: string
  amount: number
  outcome: 'allowed' | 'refused'
  reason: string | null
  window_start: Instant
  used_after: number
  occurred_at: Instant
  granted_amount: Generated<number>
  overage_amount: Generated<number>
  billed_amount: Generated<number>
  remaining_after: number | null
}

export type UsageOverridesTable = {
  user_id: string
  feature_id: string
  quota_limit: number | null
  expires_at: Instant | null
  reason: string
  created_at: Instant
}

export type UsageGrantsTable = {
  id: string
  user_id: string
  feature_id: string
  amount: number
  used_amount: Generated<number>
  expires_at: Instant | null
  reason: string
  created_at: Instant
  revoked_at: Instant | null
}

export type OperatorActionsTable = {
  id: Generated<number>
  at: Instant
  key_id: string
  action: OperatorAction['action']
  user_id: string
  before: JSONColumnType<object> | null
  after: JSONColumnType<object> | null
}

export type IdempotencyKeysTable = {
  caller: string
  key: string
  request_hash: string
  response_status: number | null
  response_body: JSONColumnType<object> | null
  created_at: Instant
}

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
  feature_usage: FeatureUsageTable
  usage_events: UsageEventsTable
  usage_overrides: UsageOverridesTable
  usage_grants: UsageGrantsTable
  operator_actions: OperatorActionsTable
  idempotency_keys: IdempotencyKeysTable
  api_keys: ApiKeysTable
} & PlanMigrationTables
