import { recordFrom } from '../../../domain/decision/decision-record.ts'
import type { DecisionRepository, StoredDecision } from '../../../domain/decision/repository.ts'
import { subscriptionId } from '../../../domain/ids.ts'
import { decompressed } from './decision-body.ts'
import type { Operations, RowOf } from './port.ts'

/** Decisions, which `save_subscription` writes. */
export function createDecisionRepository(operations: Operations): DecisionRepository {
  return {
    async find(id, timelineSeq) {
      const [row] = await operations.rows('find_decision', {
        p_subscription: id,
        p_entry: timelineSeq,
      })
      return row && decisionFrom(row)
    },

    async list({ since, after, limit }) {
      const rows = await operations.rows('list_decisions', {
        p_since: since,
        p_after_at: after?.at ?? null,
        p_after_subscription: after?.subscriptionId ?? null,
        p_after_seq: after?.seq ?? null,
        p_limit: limit,
      })
      return rows.map(decisionFrom)
    },
  }
}

const decisionFrom = ({
  subscription_id,
  seq,
  at,
  rule,
  build,
  body,
}: RowOf<'find_decision'>): StoredDecision => ({
  subscriptionId: subscriptionId(subscription_id),
  seq,
  at,
  rule,
  build,
  record: recordFrom(decompressed(body)),
})
