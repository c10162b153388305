import type {
  MigrationReport,
  PlanMigrationRepository,
} from '../../../domain/migration/repository.ts'
import {
  conflictOfRoutes,
  type MigrationFilter,
  type MigrationItem,
  type PlanMigration,
} from '../../../domain/migration/plan-migration.ts'
import type { StoredFilter } from '../tables/plan-migration-tables.ts'
import type { Row } from '../tables/schema.ts'
import { subscriptionFromRow } from '../tables/subscription-rows.ts'
import { rowFromJson } from './instants.ts'
import { Json, type Operations } from './port.ts'

/** More migrations than this never run at once; each round of looking sees at least one more. */
const ROUNDS_MAX = 20
/** Running ones that are looked at. */
const RUNNING_MAX = 1_000

type MigrationRow = Row<'plan_migrations'> & { readonly sources: readonly string[] }
type Creation = 'created' | 'repeated' | 'outdated'
type ItemRow = Row<'plan_migration_items'>

export function createPlanMigrationOperations(
  operations: Operations,
): Pick<
  PlanMigrationRepository,
  | 'create'
  | 'find'
  | 'list'
  | 'listCandidates'
  | 'chooseCanary'
  | 'countAttempt'
  | 'report'
  | 'listItems'
> {
  const list = async (of: {
    readonly p_id: string | null
    readonly p_is_running: boolean | null
    readonly p_limit: number
  }) => {
    const found = await operations.values<object>('list_plan_migrations', of)
    return found.map((json) => migrationFromRow(rowFromJson<MigrationRow>(json)))
  }
  const find = async (id: string) => (await list({ p_id: id, p_is_running: null, p_limit: 1 }))[0]

  return {
    find,
    list: (limit) => list({ p_id: null, p_is_running: null, p_limit: limit }),

    async create({ id, terms, by, at }) {
      for (let round = 1; round <= ROUNDS_MAX; round++) {
        const known = await find(id)
        if (known !== undefined) return { kind: 'repeated', migration: known }
        const all = await list({ p_id: null, p_is_running: true, p_limit: RUNNING_MAX })
        // Another call with the same key may have begun this one just now: it is no conflict with itself.
        const running = all.filter((other) => !other.dryRun && other.id !== id)
        const conflict = conflictOfRoutes(terms, terms.dryRun ? [] : running)
        if (conflict !== null) return { kind: 'conflict', conflict }
        const kind = await operations.value<Creation>('create_plan_migration', {
          p_row: new Json({
            id,
            to_version_id: terms.to,
            takes_effect: terms.when,
            filter: terms.filter,
            dry_run: terms.dryRun,
            canary_percent: terms.canaryPercent,
            rate_per_minute: terms.ratePerMinute,
            reason: terms.reason,
            by,
            state: 'planning',
            phase: 'planning',
            held_because: null,
            created_at: at,
            updated_at: at,
            ended_at: null,
          }),
          p_sources: terms.from,
          p_running: running.map((each) => each.id),
        })
        if (kind === null || kind === 'outdated') continue
        const migration = await find(id)
        if (migration !== undefined) return { kind, migration }
      }
      throw new Error(`migrations began ${ROUNDS_MAX} times while ${id} was to begin`)
    },

    async listCandidates({ from, filter }, after, limit) {
      const rows = await operations.rows<Row<'subscriptions'>>('list_migration_candidates', {
        p_versions: from,
        p_statuses: filter.statuses,
        p_users: filter.userIds,
        p_since: filter.since,
        p_before: filter.before,
        p_after: after,
        p_limit: limit,
      })
      return rows.map(subscriptionFromRow)
    },

    chooseCanary: async (id, percent) =>
      (await operations.value<number>('choose_migration_canary', {
        p_migration: id,
        p_percent: percent,
      })) ?? 0,

    async countAttempt(id, subscriptionId) {
      const of = { p_migration: id, p_subscription: subscriptionId }
      const attempts = await operations.value<number>('count_migration_attempt', of)
      if (attempts === null) throw new Error(`${subscriptionId} is not in migration ${id}`)
      return attempts
    },

    async report(id) {
      const of = { p_migration: id }
      const report = await operations.value<MigrationReport>('report_plan_migration', of)
      if (report === null) throw new Error(`migration ${id} was not reported`)
      return report
    },

    async listItems(id, { state, after, limit }) {
      const rows = await operations.rows<ItemRow>('list_migration_items', {
        p_migration: id,
        p_state: state,
        p_after: after,
        p_limit: limit,
      })
      return rows.map(migrationItemFromRow)
    },
  }
}

const migrationFromRow = (row: MigrationRow): PlanMigration => ({
  id: row.id,
  from: row.sources,
  to: row.to_version_id,
  when: row.takes_effect,
  filter: filterFrom(row.filter),
  dryRun: row.dry_run,
  canaryPercent: row.canary_percent,
  ratePerMinute: row.rate_per_minute,
  reason: row.reason,
  by: row.by,
  state: row.state,
  phase: row.phase,
  heldBecause: row.held_because,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  endedAt: row.ended_at,
})

const filterFrom = ({ since, before, ...filter }: StoredFilter): MigrationFilter => ({
  ...filter,
  since: since === null ? null : new Date(since),
  before: before === null ? null : new Date(before),
})

export const migrationItemFromRow = (row: ItemRow): MigrationItem => ({
  subscriptionId: row.subscription_id,
  fromVersionId: row.from_version_id,
  verdict: row.verdict,
  canary: row.canary,
  state: row.state,
  reason: row.reason,
  attempts: row.attempts,
  currency: row.currency,
  beforeMinor: row.before_minor,
  afterMinor: row.after_minor,
  nowMinor: row.now_minor,
})

export const rowFromMigrationItem = (id: string, item: MigrationItem, at: Date) => ({
  migration_id: id,
  subscription_id: item.subscriptionId,
  from_version_id: item.fromVersionId,
  verdict: item.verdict,
  canary: item.canary,
  state: item.state,
  reason: item.reason,
  currency: item.currency,
  before_minor: item.beforeMinor,
  after_minor: item.afterMinor,
  now_minor: item.nowMinor,
  updated_at: at,
})
