import { sql, type Kysely, type Selectable } from 'kysely'
import { driftKey, REMEDIES, type DriftFinding, type DriftRepository } from '../../domain/drift.ts'
import type { DriftFindingsTable } from './drift-tables.ts'
import type { Database } from './schema.ts'

export function createDriftRepository(db: Kysely<Database>): DriftRepository {
  const select = () => db.selectFrom('drift_findings').selectAll()
  return {
    async note(drift, at) {
      const { kind, subscriptionId, stripeId, detail } = drift
      const fresh = {
        detail,
        seen_at: at,
        state: 'open',
        closed_at: null,
        closed_by: null,
      } as const
      await db
        .insertInto('drift_findings')
        .values({
          key: driftKey(drift),
          kind,
          subscription_id: subscriptionId,
          stripe_id: stripeId,
          remedy: REMEDIES[kind],
          found_at: at,
          ...fresh,
        })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet(fresh)
            .where(
              sql<boolean>`drift_findings.state <> 'dismissed' or drift_findings.detail <> excluded.detail`,
            ),
        )
        .execute()
    },

    async close(keys, { state, by }, at) {
      if (keys.length === 0) return []
      const rows = await db
        .updateTable('drift_findings')
        .set({ state, closed_at: at, closed_by: by })
        .where('key', 'in', keys)
        .where('state', '=', 'open')
        .returningAll()
        .execute()
      return rows.map(findingFromRow)
    },

    async settle(stripeId, at) {
      await db
        .updateTable('drift_findings')
        .set({ state: 'repaired', closed_at: at, closed_by: 'sync' })
        .where('stripe_id', '=', stripeId)
        .where('state', '=', 'open')
        .execute()
    },

    async closeUnseen(since, by, at) {
      const closed = await db
        .updateTable('drift_findings')
        .set({ state: 'resolved', closed_at: at, closed_by: by })
        .where('state', '=', 'open')
        .where('seen_at', '<', since)
        // It tells what was done; nothing that is compared would show it again.
        .where('kind', '!=', 'extra_refunded')
        .executeTakeFirst()
      return Number(closed.numUpdatedRows)
    },

    async count() {
      const rows = await db
        .selectFrom('drift_findings')
        .select((eb) => ['kind', eb.fn.countAll<string>().as('open')])
        .where('state', '=', 'open')
        .groupBy('kind')
        .orderBy('kind')
        .execute()
      return rows.map(({ kind, open }) => ({ kind, open: Number(open) }))
    },

    async find(key) {
      const row = await select().where('key', '=', key).executeTakeFirst()
      return row && findingFromRow(row)
    },

    async list({ state, kind, subscriptionId }, { limit, after }) {
      const rows = await select()
        .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'open'))
        .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? 'differs'))
        .$if(subscriptionId !== undefined, (query) =>
          query.where('subscription_id', '=', subscriptionId ?? ''),
        )
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(seen_at, key) < (select seen_at, key from drift_findings where key = ${after})`,
          ),
        )
        .orderBy('seen_at', 'desc')
        .orderBy('key', 'desc')
        .limit(limit)
        .execute()
      return rows.map(findingFromRow)
    },
  }
}

const findingFromRow = (row: Selectable<DriftFindingsTable>): DriftFinding => ({
  key: row.key,
  kind: row.kind,
  subscriptionId: row.subscription_id,
  stripeId: row.stripe_id,
  detail: row.detail,
  remedy: row.remedy,
  state: row.state,
  foundAt: row.found_at,
  seenAt: row.seen_at,
  closedAt: row.closed_at,
  closedBy: row.closed_by,
})
