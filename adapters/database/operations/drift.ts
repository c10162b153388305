import {
  driftKey,
  REMEDIES,
  type DriftFinding,
  type DriftRepository,
} from '../../../domain/stripe/drift.ts'
import type { Row } from '../tables/schema.ts'
import type { Operations } from './port.ts'

type Finding = Row<'drift_findings'>

/** Differences between here and Stripe, in the table `drift_findings`. A repeated difference is the same row. */
export function createDriftRepository(operations: Operations): DriftRepository {
  return {
    note: (drift, at) =>
      operations.run('note_drift', {
        p_key: driftKey(drift),
        p_kind: drift.kind,
        p_subscription: drift.subscriptionId,
        p_stripe_id: drift.stripeId,
        p_detail: drift.detail,
        p_remedy: REMEDIES[drift.kind],
        p_now: at,
      }),

    async close(keys, { state, by }, at) {
      if (keys.length === 0) return []
      const closing = { p_keys: keys, p_state: state, p_by: by, p_now: at }
      return (await operations.rows('close_drift', closing)).map(findingFromRow)
    },

    settle: (stripeId, at) => operations.run('settle_drift', { p_stripe_id: stripeId, p_now: at }),

    closeUnseen: (since, by, at) =>
      operations.value('close_unseen_drift', { p_since: since, p_by: by, p_now: at }),

    count: () => operations.rows('count_drift', {}),

    async find(key) {
      const [row] = await operations.rows('find_drift', { p_key: key })
      return row && findingFromRow(row)
    },

    async list({ state, kind, subscriptionId }, { limit, after }) {
      const rows = await operations.rows('list_drift', {
        p_state: state ?? null,
        p_kind: kind ?? null,
        p_subscription: subscriptionId ?? null,
        p_after: after ?? null,
        p_limit: limit,
      })
      return rows.map(findingFromRow)
    },
  }
}

const findingFromRow = (row: Finding): DriftFinding => ({
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
