import { sql, type Kysely } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { PlanMigrationRepository } from '../../domain/plan-migration-repository.ts'
import {
  conflictOfRoutes,
  isEnded,
  type MigrationFilter,
  type PlanMigration,
} from '../../domain/plan-migration.ts'
import { createPlanMigrationItems } from './plan-migration-items.ts'
import type { StoredFilter } from './plan-migration-tables.ts'
import type { Database } from './schema.ts'

export function createPlanMigrationRepository(db: Kysely<Database>): PlanMigrationRepository {
  const find = async (id: string): Promise<PlanMigration | undefined> => {
    const row = await select(db).where('m.id', '=', id).executeTakeFirst()
    return row && migrationFromRow(row)
  }

  return {
    find,

    create: ({ id, terms, by, at }) =>
      db.transaction().execute(async (transaction) => {
        // One after the other: each must see all that run.
        await sql`lock table plan_migrations in share row exclusive mode`.execute(transaction)
        const known = await select(transaction).where('m.id', '=', id).executeTakeFirst()
        if (known !== undefined) return { kind: 'repeated', migration: migrationFromRow(known) }
        const rows = await select(transaction).where('m.ended_at', 'is', null).execute()
        const running = rows.map(migrationFromRow).filter(({ dryRun }) => !dryRun)
        const conflict = conflictOfRoutes(terms, terms.dryRun ? [] : running)
        if (conflict !== null) return { kind: 'conflict', conflict }
        await transaction
          .insertInto('plan_migrations')
          .values({
            id,
            to_version_id: terms.to,
            takes_effect: terms.when,
            filter: JSON.stringify(terms.filter),
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
          })
          .execute()
        await transaction
          .insertInto('plan_migration_sources')
          .values(terms.from.map((plan_version_id) => ({ migration_id: id, plan_version_id })))
          .execute()
        const created = await select(transaction).where('m.id', '=', id).executeTakeFirstOrThrow()
        return { kind: 'created', migration: migrationFromRow(created) }
      }),

    async list(limit) {
      const rows = await select(db).orderBy('m.created_at', 'desc').limit(limit).execute()
      return rows.map(migrationFromRow)
    },

    async stand(id, { state, phase, heldBecause: held_because, at }) {
      const ended_at = isEnded(state) ? at : null
      await db
        .updateTable('plan_migrations')
        .set({ state, phase, held_because, updated_at: at, ended_at })
        .where('id', '=', id)
        .execute()
    },

    ...createPlanMigrationItems(db),
  }
}

const select = (db: Kysely<Database>) =>
  db
    .selectFrom('plan_migrations as m')
    .selectAll('m')
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom('plan_migration_sources as s')
          .whereRef('s.migration_id', '=', 'm.id')
          .select('s.plan_version_id')
          .orderBy('s.plan_version_id'),
      ).as('sources'),
    )

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

const migrationFromRow = (row: Row): PlanMigration => ({
  id: row.id,
  from: row.sources.map((source) => source.plan_version_id),
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
