import type { PlanMigrationRepository } from '../../../domain/migration/repository.ts'
import { isEnded } from '../../../domain/migration/plan-migration.ts'
import {
  createPlanMigrationOperations,
  migrationItemFromRow,
  rowFromMigrationItem,
} from '../operations/plan-migrations.ts'
import type { Operations } from '../operations/port.ts'
import type { Tables } from './rows.ts'

export const createPlanMigrationRepository = (
  tables: Tables,
  operations: Operations,
): PlanMigrationRepository => ({
  ...createPlanMigrationOperations(operations),

  saveProgress: (id, { state, phase, heldBecause: held_because, at: updated_at }) =>
    tables.write('plan_migrations', (from) =>
      from
        .update({
          state,
          phase,
          held_because,
          updated_at,
          ended_at: isEnded(state) ? updated_at : null,
        })
        .eq('id', id),
    ),

  async addItems(id, added, at) {
    if (added.length === 0) return
    const rows = added.map((item) => rowFromMigrationItem(id, item, at))
    await tables.write('plan_migration_items', (from) =>
      from.upsert(rows, { ignoreDuplicates: true }),
    )
  },

  async listPending(id, { canary }, limit) {
    const rows = await tables.list('plan_migration_items', (from) => {
      const pending = from.select().eq('migration_id', id).eq('state', 'pending')
      return (canary ? pending.eq('canary', true) : pending)
        .order('attempts')
        .order('subscription_id')
        .limit(limit)
    })
    return rows.map(migrationItemFromRow)
  },

  async listToRollBack(id, limit) {
    const rows = await tables.list('plan_migration_items', (from) =>
      from
        .select()
        .eq('migration_id', id)
        .eq('verdict', 'moves')
        .in('state', ['moved', 'scheduled', 'awaiting_payment', 'failed'])
        .order('attempts')
        .order('subscription_id')
        .limit(limit),
    )
    return rows.map(migrationItemFromRow)
  },

  saveItem: (id, { subscriptionId, state, reason, at }) =>
    tables.write('plan_migration_items', (from) =>
      from
        .update({ state, reason, updated_at: at, attempts: 0 })
        .eq('migration_id', id)
        .eq('subscription_id', subscriptionId),
    ),
})
