import type { NewMigration, PlanMigrationRepository } from '../../../domain/migration/repository.ts'
import {
  conflictOfRoutes,
  isEnded,
  type MigrationFilter,
  type PlanMigration,
} from '../../../domain/migration/plan-migration.ts'
import type { StoredFilter } from '../tables/plan-migration-tables.ts'
import { subscriptionFromRow } from '../tables/subscription-rows.ts'
import { createMigrationItems } from './plan-migration-items.ts'
import { Json } from './json.ts'
import type { ElementOf, Operations } from './port.ts'
import { tableRowFromJson } from './table-row-from-json.ts'
import type { Tables } from './tables.ts'

/** Far more migrations than ever start at the same time. Each round is lost to at least one other new migration. */
const ROUNDS_MAX = 20
/** Running migrations that are compared with a new one. */
const RUNNING_MAX = 1_000

/** Plan migrations, in the tables `plan_migrations`, `plan_migration_sources` and `plan_migration_items`. */
export function createPlanMigrationRepository(
  tables: Tables,
  operations: Operations,
): PlanMigrationRepository {
  return {
    ...createMigrationItems(tables, operations),
    find: (id) => findMigration(operations, id),
    list: (limit) => listMigrations(operations, { limit }),
    create: (migration) => createMigration(operations, migration),

    saveProgress: (id, { state, phase, heldBecause, at }) =>
      tables.update(
        'plan_migrations',
        {
          state,
          phase,
          held_because: heldBecause,
          updated_at: at,
          ended_at: isEnded(state) ? at : null,
        },
        { where: { id } },
      ),

    async listCandidates({ from, filter }, after, limit) {
      const rows = await operations.rows('list_migration_candidates', {
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

    chooseCanary: (id, percent) =>
      operations.value('choose_migration_canary', { p_migration: id, p_percent: percent }),

    report: (id) => operations.value('report_plan_migration', { p_migration: id }),
  }
}

async function listMigrations(
  operations: Operations,
  { id, isRunning, limit }: { id?: string; isRunning?: boolean; limit: number },
): Promise<PlanMigration[]> {
  const found = await operations.values('list_plan_migrations', {
    p_id: id ?? null,
    p_is_running: isRunning ?? null,
    p_limit: limit,
  })
  return found.map(migrationFromJson)
}

const findMigration = async (operations: Operations, id: string) =>
  (await listMigrations(operations, { id, limit: 1 }))[0]

/**
 * Creates a migration unless it conflicts with a running one. The running ones are read first; the operation answers
 * `outdated` if another one started since, and everything is read again.
 */
async function createMigration(
  operations: Operations,
  { id, terms, by, at }: NewMigration,
): ReturnType<PlanMigrationRepository['create']> {
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    const known = await findMigration(operations, id)
    if (known !== undefined) return { kind: 'repeated', migration: known }
    const all = await listMigrations(operations, { isRunning: true, limit: RUNNING_MAX })
    // A concurrent call with the same key may have created this migration. It does not conflict with itself.
    const running = all.filter((other) => !other.dryRun && other.id !== id)
    const conflict = conflictOfRoutes(terms, terms.dryRun ? [] : running)
    if (conflict !== null) return { kind: 'conflict', conflict }
    const kind = await operations.value('create_plan_migration', {
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
    if (kind === 'outdated') continue
    const migration = await findMigration(operations, id)
    if (migration !== undefined) return { kind, migration }
  }
  throw new Error(`migration ${id} was not created in ${ROUNDS_MAX} rounds`)
}

function migrationFromJson(json: ElementOf<'list_plan_migrations'>): PlanMigration {
  const row = tableRowFromJson('plan_migrations', json)
  return {
    id: row.id,
    from: json.sources,
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
  }
}

const filterFrom = ({ since, before, ...filter }: StoredFilter): MigrationFilter => ({
  ...filter,
  since: since === null ? null : new Date(since),
  before: before === null ? null : new Date(before),
})
