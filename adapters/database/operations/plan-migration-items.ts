import type { MigrationItem } from '../../../domain/migration/plan-migration.ts'
import type { PlanMigrationRepository } from '../../../domain/migration/repository.ts'
import type { Row } from '../tables/schema.ts'
import type { Operations } from './port.ts'
import type { Filter, NewRow, Tables } from './tables.ts'

type ItemRow = Row<'plan_migration_items'>

/** The subscriptions of a plan migration. */
export function createMigrationItems(
  tables: Tables,
  operations: Operations,
): Pick<
  PlanMigrationRepository,
  'addItems' | 'listPending' | 'listToRollBack' | 'saveItem' | 'countAttempt' | 'listItems'
> {
  return {
    addItems: (id, added, at) =>
      tables.insertAll(
        'plan_migration_items',
        added.map((item) => rowFromItem(id, item, at)),
        ['migration_id', 'subscription_id'],
      ),

    listPending: (id, { canary }, limit) =>
      leastTried(tables, limit, { migration_id: id, state: 'pending', ...(canary && { canary }) }),

    listToRollBack: (id, limit) =>
      leastTried(tables, limit, {
        migration_id: id,
        verdict: 'moves',
        state: ['moved', 'scheduled', 'awaiting_payment', 'failed'],
      }),

    saveItem: (id, { subscriptionId, state, reason, at }) =>
      tables.update(
        'plan_migration_items',
        { state, reason, updated_at: at, attempts: 0 },
        { where: { migration_id: id, subscription_id: subscriptionId } },
      ),

    async countAttempt(id, subscriptionId) {
      const item = { p_migration: id, p_subscription: subscriptionId }
      const attempts = await operations.value('count_migration_attempt', item)
      if (attempts === null) throw new Error(`${subscriptionId} is not in migration ${id}`)
      return attempts
    },

    async listItems(id, { state, after, limit }) {
      const rows = await operations.rows('list_migration_items', {
        p_migration: id,
        p_state: state,
        p_after: after,
        p_limit: limit,
      })
      return rows.map(itemFromRow)
    },
  }
}

async function leastTried(
  tables: Tables,
  limit: number,
  where: NonNullable<Filter<'plan_migration_items'>['where']>,
): Promise<MigrationItem[]> {
  const orderBy = ['attempts', 'subscription_id'] as const
  return (await tables.list('plan_migration_items', { where, orderBy, limit })).map(itemFromRow)
}

const itemFromRow = (row: ItemRow): MigrationItem => ({
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

const rowFromItem = (
  id: string,
  item: MigrationItem,
  at: Date,
): NewRow<'plan_migration_items'> => ({
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
