import type { Kysely } from 'kysely'
import type { PlanMigrationRepository } from '../../../domain/migration/repository.ts'
import { isEnded } from '../../../domain/migration/plan-migration.ts'
import {
  createPlanMigrationOperations,
  migrationItemFromRow,
  rowFromMigrationItem,
} from '../operations/plan-migrations.ts'
import type { Operations } from '../operations/port.ts'
import type { Database } from '../tables/schema.ts'

export function createPlanMigrationRepository(
  db: Kysely<Database>,
  operations: Operations,
): PlanMigrationRepository {
  const items = (id: string) =>
    db.selectFrom('plan_migration_items').selectAll().where('migration_id', '=', id)
  return {
    ...createPlanMigrationOperations(operations),

    async saveProgress(id, { state, phase, heldBecause: held_because, at }) {
      const ended_at = isEnded(state) ? at : null
      await db
        .updateTable('plan_migrations')
        .set({ state, phase, held_because, updated_at: at, ended_at })
        .where('id', '=', id)
        .execute()
    },

    async addItems(id, added, at) {
      if (added.length === 0) return
      await db
        .insertInto('plan_migration_items')
        .values(added.map((item) => rowFromMigrationItem(id, item, at)))
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    async listPending(id, { canary }, limit) {
      const rows = await items(id)
        .where('state', '=', 'pending')
        .$if(canary, (query) => query.where('canary', '=', true))
        .orderBy('attempts')
        .orderBy('subscription_id')
        .limit(limit)
        .execute()
      return rows.map(migrationItemFromRow)
    },

    async listToRollBack(id, limit) {
      const rows = await items(id)
        .where('verdict', '=', 'moves')
        .where('state', 'in', ['moved', 'scheduled', 'awaiting_payment', 'failed'])
        .orderBy('attempts')
        .orderBy('subscription_id')
        .limit(limit)
        .execute()
      return rows.map(migrationItemFromRow)
    },

    async saveItem(id, { subscriptionId, state, reason, at }) {
      await db
        .updateTable('plan_migration_items')
        .set({ state, reason, updated_at: at, attempts: 0 })
        .where('migration_id', '=', id)
        .where('subscription_id', '=', subscriptionId)
        .execute()
    },
  }
}
