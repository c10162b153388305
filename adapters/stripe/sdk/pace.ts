import type { PaceReply, PaceTerms } from '../../../domain/stripe/pace.ts'

/** A pace that one process keeps by itself. */
export type Pace = {
  /** Asks leave for one request at `now`, in milliseconds. */
  readonly ask: (now: number) => PaceReply
  /** Nothing goes before `until`: Stripe said so. */
  readonly hold: (until: number) => void
}

/** So many may go at once after a silence; more would meet the limit together with what follows. */
const BURST_MAX = 5
/**
 * Who would wait longer is turned away instead: a step that waits holds its worker's place, and gives up while its request is
 * still in the queue. Less than the shortest patience of a step, 10 seconds.
 */
const WAIT_MAX_MS = 3_000
/** Twice as far as a moment that counts: Stripe's own word holds requests back for a minute at most (`errors.ts`). */
const AHEAD_MAX_MS = 120_000

/** What `perSecond` means for a pace, whoever keeps it. */
export function paceTerms(perSecond: number): PaceTerms {
  const intervalMs = 1_000 / perSecond
  const leadMs = (BURST_MAX - 1) * intervalMs
  return { intervalMs, leadMs, waitMaxMs: WAIT_MAX_MS, aheadMaxMs: AHEAD_MAX_MS }
}

/**
 * Requests go evenly. Those that are turned away are each told another moment, at the same pace, so that a thousand renewals in
 * one second do not come back all at once. Migration 0078 decides the same for all processes.
 */
export function createPace({ intervalMs, leadMs, waitMaxMs }: PaceTerms): Pace {
  let nextAt = 0
  let comingBackAt = 0
  return {
    ask(now) {
      const slotAt = Math.max(nextAt, now)
      const afterMs = Math.max(0, slotAt - leadMs - now)
      if (afterMs > waitMaxMs) {
        comingBackAt = Math.max(comingBackAt, slotAt) + intervalMs
        return { kind: 'later', afterMs: comingBackAt - now }
      }
      nextAt = slotAt + intervalMs
      return { kind: 'go', afterMs }
    },
    hold(until) {
      nextAt = Math.max(nextAt, until + leadMs)
    },
  }
}
