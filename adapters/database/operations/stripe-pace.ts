import {
  CLASS_LIMITS,
  turnMsOf,
  type PaceClass,
  type PaceReply,
  type PaceTerms,
  type StripePaceRepository,
} from '../../../domain/stripe/pace.ts'
import { createGroupCommit } from './group-commit.ts'
import type { Operations } from './port.ts'

/** More statements would only wait for the same row. */
const SLOTS_MAX = 1
/** Requests in one statement. A full one takes some milliseconds. */
const BATCH_MAX = 500
/** Requests that wait. A process never has as many under way. */
const WAITING_MAX = 5_000

type Asked = { readonly terms: PaceTerms; readonly paceClass: PaceClass }

/** Concurrent requests of a process share a statement, so a burst takes one connection, and locks the row once. */
export function createStripePaceRepository(
  operations: Operations,
): StripePaceRepository & { readonly drain: () => Promise<void> } {
  const { submit, drain } = createGroupCommit<Asked, PaceReply>({
    slotsMax: SLOTS_MAX,
    batchMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
    mayJoin: (first, next) => first.terms === next.terms && first.paceClass === next.paceClass,
    run: async (batch) => {
      const [first] = batch
      if (first === undefined) return []
      const { terms, paceClass } = first
      const rows = await operations.rows('ask_stripe_pace', {
        p_class: paceClass,
        p_count: batch.length,
        p_interval_ms: terms.intervalMs,
        p_lead_ms: terms.leadMs,
        p_wait_max_ms: terms.waitMaxMs,
        p_reserve_max_ms: Math.min(CLASS_LIMITS[paceClass].reserveMaxMs, terms.waitMaxMs),
        p_turn_ms: turnMsOf(paceClass, terms.intervalMs),
        p_ahead_max_ms: terms.aheadMaxMs,
      })
      return rows.map(({ may_go: mayGo, after_ms: afterMs }) => ({
        kind: mayGo ? 'go' : 'later',
        afterMs,
      }))
    },
  })
  return {
    ask: (terms, paceClass) => submit({ terms, paceClass }),
    hold: (forMs, { leadMs }) =>
      operations.run('hold_stripe_pace', { p_for_ms: forMs, p_lead_ms: leadMs }),
    drain,
  }
}
