import type Stripe from 'stripe'
import type { StripeEventRepository } from '../domain/stripe/event-repository.ts'
import { EVENTS_CURSOR, type SyncCursorRepository } from '../domain/stripe/sync-cursor.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import { PAGE_MAX } from '../adapters/stripe/sdk/listing.ts'
import { inboxRowOf, type InboxPolicy } from './inbox/inbox-row.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Each round reads this much again, because events may appear in the list late and clocks differ. */
const OVERLAP_MS = 10 * MINUTE_MS
/** After a long outage the list is read in steps of this length. The cursor advances after each. */
const STEP_MS = 6 * HOUR_MS
/** Stripe lists events for 30 days. Older changes are found by comparing everything. @see https://docs.stripe.com/api/events */
const HORIZON_MS = 25 * 24 * HOUR_MS
/** If a process dies, another one continues after this time. */
const LEASE_MS = 2 * MINUTE_MS
/** More than a million events in one step means an account too large for one deployment, or a list without end. */
const PAGES_MAX = 10_000

/** The parts that reading Stripe’s list of events uses. */
export type TailParts = {
  readonly stripe: Stripe
  readonly stripeEvents: Pick<StripeEventRepository, 'recordMissing'>
  readonly syncCursors: SyncCursorRepository
  readonly inboxPolicy: InboxPolicy
  readonly logger: Logger
  /** Called when Stripe no longer lists some of the missed events. */
  readonly missed: () => Promise<void>
}

/**
 * Reads Stripe's list of events from the last position, and stores those that no webhook delivered. Running it twice, or in two
 * processes, stores nothing more, because an event is one row, from a webhook or from the list.
 *
 * @param everyMs the wait until the next round
 * @returns the number of events stored
 * @see https://docs.stripe.com/api/events/list
 */
export async function tailStripeEvents(
  parts: TailParts,
  at: Date,
  everyMs: number,
): Promise<number> {
  const { syncCursors, logger } = parts
  const position = await syncCursors.claim(EVENTS_CURSOR, at, new Date(at.getTime() + LEASE_MS))
  if (position === undefined) return 0
  let found = 0
  try {
    const horizon = at.getTime() - HORIZON_MS
    if (position.getTime() < horizon) {
      logger.warn({ position }, 'Stripe no longer lists some of the missed events')
      await parts.missed()
    }
    let from = Math.max(position.getTime() - OVERLAP_MS, horizon)
    while (from < at.getTime()) {
      const until = Math.min(from + STEP_MS, at.getTime())
      found += await storeMissing(
        parts,
        { from, until: until < at.getTime() ? until : undefined },
        at,
      )
      await syncCursors.advance(EVENTS_CURSOR, new Date(until))
      from = until
    }
  } finally {
    await syncCursors.release(EVENTS_CURSOR, new Date(at.getTime() + everyMs))
  }
  if (found > 0) logger.info({ found }, 'stored events that no webhook had delivered')
  return found
}

/** The last step has no end, because Stripe's clock may be ahead of ours. */
async function storeMissing(
  { stripe, stripeEvents, inboxPolicy }: TailParts,
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
    const relevant = page.data
      .map((event) => inboxRowOf(event, inboxPolicy, at))
      .filter(({ verdict }) => verdict.state === 'received')
    found += await stripeEvents.recordMissing(relevant)
    after = page.data.at(-1)?.id
    if (!page.has_more || after === undefined) return found
  }
  throw new Error(`Stripe lists more than ${PAGES_MAX * PAGE_MAX} events of six hours`)
}
