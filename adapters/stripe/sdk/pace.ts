import {
  CLASS_LIMITS,
  turnMsOf,
  type PaceClass,
  type PaceReply,
  type PaceTerms,
} from '../../../domain/stripe/pace.ts'

/** A rate limit that one process keeps on its own. */
export type Pace = {
  /** Reserves the next slot for one request. @param now milliseconds of a steady clock */
  readonly ask: (now: number, paceClass?: PaceClass) => PaceReply
  /** Stops all requests until `until`, because Stripe answered 429. */
  readonly hold: (until: number) => void
}

/** After a quiet time this many requests may go together. With more, they and the following ones would exceed the limit. */
const BURST_MAX = 5
/**
 * A request that would wait longer is refused here. A waiting activity occupies a slot of its worker, and would time out while
 * its request is still in the queue. Activities allow at least 10 seconds.
 */
const WAIT_MAX_MS = CLASS_LIMITS.caller.reserveMaxMs
/** Twice the longest hold: Stripe's `Retry-After` is capped at a minute (`errors.ts`). */
const AHEAD_MAX_MS = 120_000

/** @returns the terms for `perSecond` requests a second, for one process or for a shared pace */
export function paceTerms(perSecond: number): PaceTerms {
  const intervalMs = 1_000 / perSecond
  const leadMs = (BURST_MAX - 1) * intervalMs
  return { intervalMs, leadMs, waitMaxMs: WAIT_MAX_MS, aheadMaxMs: AHEAD_MAX_MS }
}

/**
 * Spaces requests evenly. Each refused request gets a different time to return, at the same pace, so a thousand renewals in
 * one second do not all come back together. The SQL function behind `StripePaceRepository` follows the same rules.
 */
export function createPace({ intervalMs, leadMs, waitMaxMs }: PaceTerms): Pace {
  let nextAt = 0
  const turnAt = { caller: 0, event: 0, background: 0 }
  const lastReturnAt = { caller: 0, event: 0, background: 0 }
  return {
    ask(now, paceClass = 'caller') {
      const slotAt = Math.max(nextAt, now)
      const afterMs = Math.max(0, slotAt - leadMs - now)
      const turnMs = turnMsOf(paceClass, intervalMs)
      const reserveMaxMs = Math.min(CLASS_LIMITS[paceClass].reserveMaxMs, waitMaxMs)
      const hasTurn = turnMs !== null && turnAt[paceClass] <= now && afterMs <= 2 * waitMaxMs
      if (afterMs > reserveMaxMs && !hasTurn) {
        lastReturnAt[paceClass] = Math.max(lastReturnAt[paceClass], slotAt) + intervalMs
        return { kind: 'later', afterMs: lastReturnAt[paceClass] - now }
      }
      nextAt = slotAt + intervalMs
      turnAt[paceClass] = now + (turnMs ?? 0)
      return { kind: 'go', afterMs }
    },
    hold(until) {
      nextAt = Math.max(nextAt, until + leadMs)
    },
  }
}
