import type {
  ReconciliationRepository,
  ReconciliationRun,
} from '../../../domain/stripe/reconciliation.ts'
import type { Row } from '../tables/schema.ts'
import { subscriptionFromRow } from '../tables/subscription-rows.ts'
import type { Operations } from './port.ts'
import { tableRowFromJson } from './table-row-from-json.ts'
import type { Tables } from './tables.ts'

/** Runs of the comparison with Stripe, and the objects that each run has seen, until it finishes. */
export function createReconciliationRepository(
  tables: Tables,
  operations: Operations,
): ReconciliationRepository {
  return {
    async begin({ id, cause, dryRun, startedAt }) {
      const row = { id, cause, dry_run: dryRun, started_at: startedAt }
      await tables.insertAll('reconciliation_runs', [row], ['id'])
    },

    async finish({ id, ...figures }, at) {
      const changes = { ...figures, finished_at: at }
      await tables.update('reconciliation_runs', changes, { where: { id } })
      await tables.remove('reconciliation_seen', { where: { run_id: id } })
    },

    async find(id) {
      const row = await tables.find('reconciliation_runs', { where: { id } })
      return row && runFromRow(row)
    },

    async list(limit) {
      const orderBy = ['started_at desc'] as const
      return (await tables.list('reconciliation_runs', { orderBy, limit })).map(runFromRow)
    },

    async see(runId, stripeIds) {
      const seen = stripeIds.map((stripeId) => ({ run_id: runId, stripe_id: stripeId }))
      await tables.insertAll('reconciliation_seen', seen, ['run_id', 'stripe_id'])
    },

    async listLive(runId, { limit, after }) {
      const page = { p_run: runId, p_after: after, p_limit: limit }
      const rows = await operations.rows('list_live_subscriptions', page)
      return rows.map(({ subscription, is_seen: isSeen }) => ({
        subscription: subscriptionFromRow(tableRowFromJson('subscriptions', subscription)),
        isSeen,
      }))
    },

    async listOpenInvoices({ limit, after }) {
      const rows = await tables.list('invoices', {
        columns: ['id'],
        where: { status: 'open' },
        above: after === null ? {} : { id: after },
        orderBy: ['id'],
        limit,
      })
      return rows.map((row) => row.id)
    },
  }
}

const runFromRow = (row: Row<'reconciliation_runs'>): ReconciliationRun => ({
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
