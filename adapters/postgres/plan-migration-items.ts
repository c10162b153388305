import { sql, type Kysely, type Selectable } from 'kysely'
import type { PlanMigrationRepository } from '../../domain/plan-migration-repository.ts'
import type { ItemState, MigrationItem } from '../../domain/plan-migration.ts'
import { TERMINAL } from '../../domain/subscription.ts'
import type { PlanMigrationTables } from './plan-migration-tables.ts'
import type { Database } from './schema.ts'
import { subscriptionFromRow } from './subscription-rows.ts'

type Items = Omit<PlanMigrationRepository, 'create' | 'find' | 'list' | 'stand'>

/**
 * Where a subscription stands now: what was scheduled has happened by time, and what was not paid was given up, without
 * anybody telling the migration.
 */
const standing = sql<ItemState>`case
  when i.state in ('scheduled', 'awaiting_payment') and s.plan_version_id = m.to_version_id then 'moved'
  when i.state in ('scheduled', 'awaiting_payment') and s.pending_plan_version_id is distinct from m.to_version_id
    then 'kept'
  else i.state end`
const because = sql<string | null>`case
  when i.state in ('scheduled', 'awaiting_payment') and s.plan_version_id <> m.to_version_id
    and s.pending_plan_version_id is distinct from m.to_version_id then 'given_up'
  else i.reason end`

export function createPlanMigrationItems(db: Kysely<Database>): Items {
  const selectItems = (id: string) =>
    db
      .selectFrom('plan_migration_items as i')
      .innerJoin('plan_migrations as m', 'm.id', 'i.migration_id')
      .innerJoin('subscriptions as s', 's.id', 'i.subscription_id')
      .where('i.migration_id', '=', id)

  return {
    async listCandidates({ from, filter }, after, limit) {
      const { statuses, userIds, since, before } = filter
      const rows = await db
        .selectFrom('subscriptions')
        .selectAll()
        .where('plan_version_id', 'in', from)
        .where('status', 'not in', TERMINAL)
        .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
        .$if(statuses !== null, (query) => query.where('status', 'in', statuses ?? []))
        .$if(userIds !== null, (query) => query.where('user_id', 'in', userIds ?? []))
        .$if(since !== null, (query) => query.where('created_at', '>=', since))
        .$if(before !== null, (query) => query.where('created_at', '<', before))
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(subscriptionFromRow)
    },

    async addItems(id, items, at) {
      if (items.length === 0) return
      await db
        .insertInto('plan_migration_items')
        .values(items.map((item) => rowFromItem(id, item, at)))
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    async chooseCanary(id, percent) {
      const { rows } = await sql<{ count: number }>`
        with ranked as (
          select subscription_id, row_number() over (order by md5(migration_id::text || subscription_id::text)) as rank,
            count(*) over () as total
          from plan_migration_items where migration_id = ${id} and verdict = 'moves'
        ), chosen as (
          update plan_migration_items i set canary = true from ranked r
          where i.migration_id = ${id} and i.subscription_id = r.subscription_id
            and r.rank <= ceil(r.total * ${percent}::numeric / 100)
          returning 1
        )
        select count(*) as count from chosen`.execute(db)
      return rows[0]?.count ?? 0
    },

    async listPending(id, { canary }, limit) {
      const rows = await db
        .selectFrom('plan_migration_items')
        .selectAll()
        .where('migration_id', '=', id)
        .where('state', '=', 'pending')
        .$if(canary, (query) => query.where('canary', '=', true))
        .orderBy('attempts')
        .orderBy('subscription_id')
        .limit(limit)
        .execute()
      return rows.map(itemFromRow)
    },

    async listToRollBack(id, limit) {
      const rows = await db
        .selectFrom('plan_migration_items')
        .selectAll()
        .where('migration_id', '=', id)
        .where('verdict', '=', 'moves')
        .where('state', 'in', ['moved', 'scheduled', 'awaiting_payment', 'failed'])
        .orderBy('attempts')
        .orderBy('subscription_id')
        .limit(limit)
        .execute()
      return rows.map(itemFromRow)
    },

    async saveItem(id, { subscriptionId, state, reason, at }) {
      await db
        .updateTable('plan_migration_items')
        .set({ state, reason, updated_at: at, attempts: 0 })
        .where('migration_id', '=', id)
        .where('subscription_id', '=', subscriptionId)
        .execute()
    },

    async countAttempt(id, subscriptionId) {
      const { attempts } = await db
        .updateTable('plan_migration_items')
        .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
        .where('migration_id', '=', id)
        .where('subscription_id', '=', subscriptionId)
        .returning('attempts')
        .executeTakeFirstOrThrow()
      return attempts
    },

    async report(id) {
      const counted = await selectItems(id)
        .select(({ fn }) => [
          standing.as('state'),
          because.as('reason'),
          fn.countAll<number>().as('count'),
        ])
        .groupBy([standing, because])
        .orderBy('count', 'desc')
        .execute()
      const money = await db
        .selectFrom('plan_migration_items')
        .where('migration_id', '=', id)
        .where('verdict', '=', 'moves')
        .select((eb) => [
          'currency',
          eb.fn.countAll<number>().as('subscriptions'),
          sql<number>`sum(before_minor)::bigint`.as('beforeMinor'),
          sql<number>`sum(after_minor)::bigint`.as('afterMinor'),
          sql<number>`sum(now_minor)::bigint`.as('nowMinor'),
          sql<number>`count(*) filter (where canary)`.as('canary'),
        ])
        .groupBy('currency')
        .orderBy('currency')
        .execute()
      return {
        states: counted,
        money: money.map(({ canary: _canary, ...sums }) => sums),
        canary: money.reduce((sum, { canary }) => sum + canary, 0),
      }
    },

    async listItems(id, { state, after, limit }) {
      const rows = await selectItems(id)
        .selectAll('i')
        .select([standing.as('state'), because.as('reason')])
        .$if(state !== null, (query) => query.where(standing, '=', state))
        .$if(after !== null, (query) => query.where('i.subscription_id', '>', after ?? ''))
        .orderBy('i.subscription_id')
        .limit(limit)
        .execute()
      return rows.map(itemFromRow)
    },
  }
}

type Row = Selectable<PlanMigrationTables['plan_migration_items']>

const itemFromRow = (row: Row): MigrationItem => ({
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

const rowFromItem = (id: string, item: MigrationItem, at: Date) => ({
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
