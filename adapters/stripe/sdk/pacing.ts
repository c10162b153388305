import type { PaceReply, StripePaceRepository } from '../../../domain/stripe/pace.ts'
import { inTime } from '../../time/in-time.ts'
import type { Logger } from '../../telemetry/logger.ts'
import { createPace, paceTerms } from './pace.ts'

/** What each request to Stripe asks before it goes. Neither fails, nor keeps anybody for long. */
export type Pacing = {
  readonly ask: () => Promise<PaceReply>
  /** Stripe wants to be left alone for so long. */
  readonly hold: (forMs: number) => Promise<void>
}

/** What the pace is shared over, and who is told when it cannot be. */
export type Sharing = { readonly pace: StripePaceRepository; readonly logger: Pick<Logger, 'warn'> }

/** No account of Stripe's has that much, but a simulator has no limit at all: no statement is spent on asking for leave. */
export const SHARED_PER_SECOND_MAX = 1_000
/** A database that is well answers in a millisecond or two. Stripe itself takes some hundred. */
export const ANSWER_MAX_MS = 1_000
/** Then it is asked again; until then no request waits for it, and nothing more is logged. */
export const AWAY_MS = 10_000

/**
 * At most `perSecond` requests of all processes together, over the database. While it cannot be asked, this process keeps that
 * pace by itself, as it does from the beginning where nothing is shared.
 */
export function createPacing(
  perSecond: number,
  sharing?: Sharing,
  now: () => number = () => performance.now(),
): Pacing {
  const terms = paceTerms(perSecond)
  const own = createPace(terms)
  const shared = perSecond > SHARED_PER_SECOND_MAX ? undefined : sharing
  let isAwayUntil = -Infinity

  /** Undefined where the database did not answer. */
  async function together<T>(ask: (pace: StripePaceRepository) => Promise<T>) {
    if (shared === undefined || now() < isAwayUntil) return undefined
    try {
      return await inTime(ANSWER_MAX_MS, () => ask(shared.pace))
    } catch (error) {
      // Of many that waited for the same answer, one tells.
      if (now() >= isAwayUntil)
        shared.logger.warn({ err: error }, 'each process asks Stripe at a pace of its own now')
      isAwayUntil = now() + AWAY_MS
      return undefined
    }
  }

  return {
    ask: async () => (await together((pace) => pace.ask(terms))) ?? own.ask(now()),
    async hold(forMs) {
      own.hold(now() + forMs)
      await together((pace) => pace.hold(forMs, terms))
    },
  }
}
