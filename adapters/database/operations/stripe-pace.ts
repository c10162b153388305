import type { PaceReply, PaceTerms, StripePaceRepository } from '../../../domain/stripe/pace.ts'
import { createGroupCommit } from './group-commit.ts'
import type { Operations } from './port.ts'

/** More statements would only wait for the same row. */
const SLOTS_MAX = 1
/** Requests in one statement. A full one takes some milliseconds. */
const BATCH_MAX = 500
/** Requests that wait. A process never has as many under way. */
const WAITING_MAX = 5_000

/** Concurrent requests of a process share a statement, so a burst takes one connection, and locks the row once. */
export function createStripePaceRepository(
  operations: Operations,
): StripePaceRepository & { readonly drain: () => Promise<void> } {
  const { submit, drain } = createGroupCommit<PaceTerms, PaceReply>({
    slotsMax: SLOTS_MAX,
    batchMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
    mayJoin: (first, next) => first === next,
    run: async (batch) => {
      const [terms] = batch
      if (terms === undefined) return []
      const rows = await operations.rows('ask_stripe_pace', {
        p_count: batch.length,
        p_interval_ms: terms.intervalMs,
        p_lead_ms: terms.leadMs,
        p_wait_max_ms: terms.waitMaxMs,
        p_ahead_max_ms: terms.aheadMaxMs,
      })
      return rows.map(({ may_go: mayGo, after_ms: afterMs }) => ({
        kind: mayGo ? 'go' : 'later',
        afterMs,
      }))
    },
  })
  return {
    ask: submit,
    hold: (forMs, { leadMs }) =>
      operations.run('hold_stripe_pace', { p_for_ms: forMs, p_lead_ms: leadMs }),
    drain,
  }
}
