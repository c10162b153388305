import type { Generated, JSONColumnType } from 'kysely'
import type { ChangeTime } from '../../../domain/subscription/plan-change.ts'
import type {
  ItemState,
  MigrationPhase,
  MigrationState,
  Verdict,
} from '../../../domain/migration/plan-migration.ts'
import type { Status } from '../../../domain/subscription/subscription.ts'
import type { Instant } from './instant-column.ts'

/** Migrations, the versions that each leaves, and its subscriptions with their results. */
export type PlanMigrationTables = {
  plan_migrations: {
    id: string
    to_version_id: string
    takes_effect: ChangeTime
    filter: JSONColumnType<StoredFilter>
    dry_run: boolean
    canary_percent: number
    rate_per_minute: number
    reason: string
    by: string
    state: MigrationState
    phase: MigrationPhase
    held_because: string | null
    created_at: Instant
    updated_at: Instant
    ended_at: Instant | null
  }
  plan_migration_sources: { migration_id: string; plan_version_id: string }
  plan_migration_items: {
    migration_id: string
    subscription_id: string
    from_version_id: string
    verdict: Verdict
    canary: Generated<boolean>
    state: ItemState
    reason: string | null
    attempts: Generated<number>
    currency: string
    before_minor: number
    after_minor: number
    now_minor: number
    updated_at: Instant
  }
}

/** The filter of a plan migration as JSON keeps it. */
export type StoredFilter = {
  readonly statuses: readonly Status[] | null
  readonly userIds: readonly string[] | null
  readonly since: string | null
  readonly before: string | null
}
