import { sql, type Kysely } from 'kysely'
import type {
  ReconciliationRepository,
  ReconciliationRun,
} from '../../../domain/stripe/reconciliation.ts'
import { TERMINAL } from '../../../domain/subscription/subscription.ts'
import type { Database, Row } from '../tables/schema.ts'
import { subscriptionFromRow } from '../tables/subscription-rows.ts'

export function createReconciliationRepository(db: Kysely<Database>): ReconciliationRepository {
  const select = () => db.selectFrom('reconciliation_runs').selectAll()
  return {
    async begin({ id, cause, dryRun, startedAt }) {
      await db
        .insertInto('reconciliation_runs')
        .values({ id, cause, dry_run: dryRun, started_at: startedAt })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },

    async finish({ id, ...figures }, at) {
      await db
        .updateTable('reconciliation_runs')
        .set({ ...figures, finished_at: at })
        .where('id', '=', id)
        .execute()
      await db.deleteFrom('reconciliation_seen').where('run_id', '=', id).execute()
    },

    async find(id) {
      const row = await select().where('id', '=', id).executeTakeFirst()
      return row && runFromRow(row)
    },

    async list(limit) {
      const rows = await select().orderBy('started_at', 'desc').limit(limit).execute()
      return rows.map(runFromRow)
    },

    async see(runId, stripeIds) {
      if (stripeIds.length === 0) return
      await db
        .insertInto('reconciliation_seen')
        .values(stripeIds.map((stripeId) => ({ run_id: runId, stripe_id: stripeId })))
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    async listLive(runId, { limit, after }) {
      const rows = await db
        .selectFrom('subscriptions as s')
        .selectAll('s')
        .select(
          sql<boolean | null>`case when s.stripe_subscription_id is not null then exists (
            select from reconciliation_seen r
            where r.run_id = ${runId} and r.stripe_id = s.stripe_subscription_id) end`.as(
            'is_seen',
          ),
        )
        .where('status', 'not in', TERMINAL)
        .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(({ is_seen: isSeen, ...row }) => ({
        subscription: subscriptionFromRow(row),
        isSeen,
      }))
    },

    async listOpenInvoices({ limit, after }) {
      const rows = await db
        .selectFrom('invoices')
        .select('id')
        .where('status', '=', 'open')
        .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map((row) => row.id)
    },
  }
}

export const runFromRow = (row: Row<'reconciliation_runs'>): ReconciliationRun => ({
  id: row.id,
  cause: row.cause,
  dryRun: row.dry_run,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  listed: row.listed,
  found: row.found,
  repaired: row.repaired,
  detail: row.detail,
})
