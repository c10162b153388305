import type { Client } from '@temporalio/client'
import type pg from 'pg'
import { fastForward } from '../adapters/temporal/time-skipping.ts'
import { subscriptionWorkflowId } from '../workflows/contract.ts'

/** The components that have a clock and must advance together. */
export type Travellers = {
  readonly now: () => Date
  /** Sets the clock that API, worker and simulator read. */
  readonly moveTo: (instant: Date) => Promise<void>
  readonly client: Client
  /** When the next paused subscription's workflow asks Stripe to resume it. */
  readonly nextResumptionAt: () => Promise<Date | undefined>
  /**
   * When the next period after `instant` begins. The server (1.32) skips a workflow that continues as new
   * past the start times of its next runs, so no step is longer than a period.
   */
  readonly nextPeriodAfter: (instant: Date) => Promise<Date | undefined>
  /** The ids of all subscriptions that have not ended. */
  readonly listLive: () => Promise<string[]>
  readonly stripe: {
    readonly nextDueAt: () => Promise<Date | undefined>
    /** Runs the due changes of Stripe and delivers its events. */
    readonly settle: () => Promise<void>
  }
  /** Resolves when every event is stored. */
  readonly settled: () => Promise<void>
}

/** Workflows advance before Stripe; without this stop they would call Stripe while its clock is days behind. */
const BEFORE_RESUMPTION_MS = 1_000

const earliest = (stops: readonly (Date | undefined)[], target: Date): Date =>
  stops.reduce<Date>((first, stop) => (stop !== undefined && stop < first ? stop : first), target)

/**
 * Advances everything to `target`, with a stop at each instant that is due at Stripe, so that each change happens at
 * its own time and in order: first the workflows, then the clock, then Stripe and its events.
 */
export async function travel(travellers: Travellers, target: Date): Promise<void> {
  const { client, stripe } = travellers
  while (travellers.now() < target) {
    const resumption = await travellers.nextResumptionAt()
    const stops = [
      await stripe.nextDueAt(),
      await travellers.nextPeriodAfter(travellers.now()),
      resumption && new Date(resumption.getTime() - BEFORE_RESUMPTION_MS),
    ]
    const step = earliest(
      stops.filter((stop) => stop !== undefined && stop > travellers.now()),
      target,
    )
    for (const id of await travellers.listLive())
      await fastForward(client, subscriptionWorkflowId(id), step)
    await travellers.moveTo(step)
    await stripe.settle()
    await travellers.settled()
  }
}

type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.Client, 'query'>

/** The queries that time travel needs. */
export const askDatabase = (
  database: Queryable,
): Pick<Travellers, 'listLive' | 'nextResumptionAt' | 'nextPeriodAfter'> => ({
  listLive: async () => {
    const { rows } = await database.query<{ id: string }>(
      `select id from subscriptions where status not in ('canceled', 'incomplete_expired')`,
    )
    return rows.map((row) => row.id)
  },
  nextResumptionAt: async () => {
    const { rows } = await database.query<{ at: Date | null }>(
      `select min(resumes_at) as at from subscriptions where status = 'paused'`,
    )
    return rows[0]?.at ?? undefined
  },
  nextPeriodAfter: async (instant) => {
    const { rows } = await database.query<{ at: Date | null }>(
      `select min(period_end) as at from subscriptions
       where status not in ('canceled', 'incomplete_expired') and period_end > $1`,
      [instant],
    )
    return rows[0]?.at ?? undefined
  },
})
