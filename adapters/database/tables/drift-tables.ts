import type { Generated } from 'kysely'
import type { DriftKind, DriftState, Remedy } from '../../../domain/stripe/drift.ts'
import type { Instant } from './instant-column.ts'

/** A difference between here and Stripe. The same difference has the same `key`. */
export type DriftFindingsTable = {
  key: string
  kind: DriftKind
  subscription_id: string | null
  stripe_id: string | null
  detail: string
  remedy: Remedy
  state: Generated<DriftState>
  found_at: Instant
  seen_at: Instant
  closed_at: Instant | null
  closed_by: string | null
}

/** A price made at Stripe that is mapped to a plan version. */
export type StripePricesTable = {
  price_id: string
  plan_version_id: string
  created_at: Instant
}

/** A comparison with Stripe. `listed`, `found` and `repaired` count objects, differences and repairs. */
export type ReconciliationRunsTable = {
  id: string
  cause: string
  dry_run: boolean
  started_at: Instant
  finished_at: Instant | null
  listed: Generated<number>
  found: Generated<number>
  repaired: Generated<number>
  detail: string | null
}

/** An object that a running comparison found at Stripe. */
export type ReconciliationSeenTable = { run_id: string; stripe_id: string }
