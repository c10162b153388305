import type Stripe from 'stripe'
import type { StripeEventRepository } from '../domain/stripe/event-repository.ts'
import { EVENTS_CURSOR, type SyncCursorRepository } from '../domain/stripe/sync-cursor.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import { inboxRowOf, type IntakePolicy } from './inbox/intake.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Events of one second may appear after others of it, and two clocks differ: so much is read again each time. */
const OVERLAP_MS = 10 * MINUTE_MS
/** After a long absence the way is gone in steps of this length, each of which counts once it is done. */
const STEP_MS = 6 * HOUR_MS
/** Stripe lists events for 30 days; what is older than this is found by comparing everything. */
const HORIZON_MS = 25 * 24 * HOUR_MS
/** A process that dies over it is followed by another one so much later. */
const LEASE_MS = 2 * MINUTE_MS
/** The most that Stripe answers at a time. */
const PAGE_MAX = 100
/** A step of more than a million events is no account that one deployment serves, or a list without an end. */
const PAGES_MAX = 10_000

export type EventTail = {
  readonly stripe: Stripe
  readonly stripeEvents: Pick<StripeEventRepository, 'recordMissing'>
  readonly syncCursors: SyncCursorRepository
  readonly intake: IntakePolicy
  readonly logger: Logger
  /** Called when events were missed that Stripe does not list any more. */
  readonly missed: () => Promise<void>
}

/**
 * Reads the list of Stripe's events on from where it was left, and puts into the inbox what no webhook brought; answers
 * how much that was. Running it twice, or in two processes, finds nothing more: an event is one row, whichever way it
 * comes.
 */
export async function tailStripeEvents(
  tail: EventTail,
  at: Date,
  everyMs: number,
): Promise<number> {
  const { syncCursors, logger } = tail
  const position = await syncCursors.claim(EVENTS_CURSOR, at, new Date(at.getTime() + LEASE_MS))
  if (position === undefined) return 0
  let found = 0
  try {
    const horizon = at.getTime() - HORIZON_MS
    if (position.getTime() < horizon) {
      logger.warn({ position }, 'events were missed that Stripe does not list any more')
      await tail.missed()
    }
    let from = Math.max(position.getTime() - OVERLAP_MS, horizon)
    while (from < at.getTime()) {
      const until = Math.min(from + STEP_MS, at.getTime())
      found += await takeIn(tail, { from, until: until < at.getTime() ? until : undefined }, at)
      await syncCursors.advance(EVENTS_CURSOR, new Date(until))
      from = until
    }
  } finally {
    await syncCursors.release(EVENTS_CURSOR, new Date(at.getTime() + everyMs))
  }
  if (found > 0) logger.info({ found }, 'events came that no webhook had brought')
  return found
}

/** The last step has no end: Stripe's clock may be ahead of ours. */
async function takeIn(
  { stripe, stripeEvents, intake }: EventTail,
  { from, until }: { from: number; until: number | undefined },
  at: Date,
): Promise<number> {
  const created = {
    gte: Math.floor(from / 1_000),
    ...(until !== undefined && { lte: Math.ceil(until / 1_000) }),
  }
  let found = 0
  let after: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page = await stripe.events.list({
      created,
      limit: PAGE_MAX,
      ...(after !== undefined && { starting_after: after }),
    })
    const wanted = page.data
      .map((event) => inboxRowOf(event, intake, at))
      .filter(({ verdict }) => verdict.state === 'received')
    found += await stripeEvents.recordMissing(wanted)
    after = page.data.at(-1)?.id
    if (!page.has_more || after === undefined) return found
  }
  throw new Error(`Stripe lists more than ${PAGES_MAX * PAGE_MAX} events of six hours`)
}
