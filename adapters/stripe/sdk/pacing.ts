import type { PaceClass, PaceReply, StripePaceRepository } from '../../../domain/stripe/pace.ts'
import { withTimeout } from '../../time/timeout.ts'
import type { Logger } from '../../telemetry/logger.ts'
import { createPace, paceTerms } from './pace.ts'

/** The permission that each request to Stripe needs. Neither call throws or waits for long. */
export type Pacing = {
  readonly ask: (paceClass?: PaceClass) => Promise<PaceReply>
  /** Pauses all requests for `forMs`, because Stripe answered 429. */
  readonly hold: (forMs: number) => Promise<void>
}

/** The pace that all processes share through the database, and the log for the time when it is unreachable. */
export type Sharing = { readonly pace: StripePaceRepository; readonly logger: Pick<Logger, 'warn'> }

/** No Stripe account has a limit above this, only the simulator. Above it, no SQL statement is spent on permission. */
export const SHARED_PER_SECOND_MAX = 1_000
/** A healthy database answers in a millisecond or two. Stripe itself needs a few hundred. */
export const ANSWER_MAX_MS = 1_000
/** After a failure the database is not asked for this long, so no request waits for it and nothing more is logged. */
export const AWAY_MS = 10_000

/**
 * Limits all processes together to `perSecond` requests a second, through the database. Without `sharing`, and while the
 * database is unreachable, this process keeps the same pace on its own.
 */
export function createPacing(
  perSecond: number,
  sharing?: Sharing,
  now: () => number = () => performance.now(),
): Pacing {
  const terms = paceTerms(perSecond)
  const local = createPace(terms)
  const shared = perSecond > SHARED_PER_SECOND_MAX ? undefined : sharing
  let isAwayUntil = -Infinity

  /** @returns undefined when the database did not answer */
  async function askDatabase<T>(ask: (pace: StripePaceRepository) => Promise<T>) {
    if (shared === undefined || now() < isAwayUntil) return undefined
    try {
      return await withTimeout(ANSWER_MAX_MS, () => ask(shared.pace))
    } catch (error) {
      // Many requests may wait for the same answer. Only the first one logs.
      if (now() >= isAwayUntil)
        shared.logger.warn({ err: error }, 'each process now keeps its own pace to Stripe')
      isAwayUntil = now() + AWAY_MS
      return undefined
    }
  }

  return {
    ask: async (paceClass = 'caller') =>
      (await askDatabase((pace) => pace.ask(terms, paceClass))) ?? local.ask(now(), paceClass),
    async hold(forMs) {
      local.hold(now() + forMs)
      await askDatabase((pace) => pace.hold(forMs, terms))
    },
  }
}
