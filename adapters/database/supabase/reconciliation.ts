import type { ReconciliationRepository } from '../../../domain/stripe/reconciliation.ts'
import { rowFromJson } from '../operations/instants.ts'
import type { Operations } from '../operations/port.ts'
import { runFromRow } from '../postgres/reconciliation.ts'
import { subscriptionFromRow } from '../tables/subscription-rows.ts'
import type { Tables } from './rows.ts'

const AS_IT_IS = { ignoreDuplicates: true } as const

export const createReconciliationRepository = (
  tables: Tables,
  operations: Operations,
): ReconciliationRepository => ({
  begin: ({ id, cause, dryRun, startedAt }) =>
    tables.write('reconciliation_runs', (from) =>
      from.upsert({ id, cause, dry_run: dryRun, started_at: startedAt }, AS_IT_IS),
    ),

  async finish({ id, ...figures }, at) {
    await tables.write('reconciliation_runs', (from) =>
      from.update({ ...figures, finished_at: at }).eq('id', id),
    )
    await tables.write('reconciliation_seen', (from) => from.delete().eq('run_id', id))
  },

  async find(id) {
    const row = await tables.first('reconciliation_runs', (from) => from.select().eq('id', id))
    return row && runFromRow(row)
  },

  async list(limit) {
    const rows = await tables.list('reconciliation_runs', (from) =>
      from.select().order('started_at', { ascending: false }).limit(limit),
    )
    return rows.map(runFromRow)
  },

  async see(runId, stripeIds) {
    if (stripeIds.length === 0) return
    const seen = stripeIds.map((stripeId) => ({ run_id: runId, stripe_id: stripeId }))
    await tables.write('reconciliation_seen', (from) => from.upsert(seen, AS_IT_IS))
  },

  async listLive(runId, { limit, after }) {
    const page = { p_run: runId, p_after: after, p_limit: limit }
    const rows = await operations.rows<{ subscription: object; is_seen: boolean | null }>(
      'list_live_subscriptions',
      page,
    )
    return rows.map(({ subscription, is_seen: isSeen }) => ({
      subscription: subscriptionFromRow(rowFromJson(subscription)),
      isSeen,
    }))
  },

  async listOpenInvoices({ limit, after }) {
    const rows = await tables.list('invoices', (from) =>
      from
        .select('id')
        .eq('status', 'open')
        .gt('id', after ?? '')
        .order('id')
        .limit(limit),
    )
    return rows.map((row) => row.id)
  },
})
