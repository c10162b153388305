import type { Generated, JSONColumnType } from 'kysely'
import type { OperatorAction } from '../../../domain/usage/extras.ts'
import type { Instant } from './instant-column.ts'

/** A usage counter: the units of one feature in one window. */
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
  /** The end when a pause stopped the window last. */
  stopped_end: Instant | null
  summed_until: Generated<Instant>
  former_end: Instant | null
}

/** An event of the ledger. `recorded_month` is its partition, such as `2026-11-01`. */
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
  limit_after: number | null
  /** Not an event, but the sum of a month whose partition was dropped. */
  is_carried: Generated<boolean>
}

/** A limit in place of the plan’s, for one user. A null `quota_limit` is unlimited. */
export type UsageOverridesTable = {
  user_id: string
  feature_id: string
  quota_limit: number | null
  is_enabled: boolean | null
  expires_at: Instant | null
  reason: string
  created_at: Instant
}

/** Units in addition to all limits, for one user. `used_amount` of them are used. */
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

/** An action of an operator. Rows never change. */
export type OperatorActionsTable = {
  id: Generated<number>
  at: Instant
  key_id: string | null
  asked_by: string | null
  action: OperatorAction['action']
  user_id: string | null
  before: JSONColumnType<object> | null
  after: JSONColumnType<object> | null
  command: string | null
}
