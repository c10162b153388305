import type { Client } from '@temporalio/client'
import type pg from 'pg'
import { fastForward } from '../adapters/temporal/time-skipping.ts'
import { subscriptionWorkflowId } from '../workflows/contract.ts'

/** All that has a time of its own, and must move together. */
export type Travellers = {
  readonly now: () => Date
  /** Moves the clock that API, worker and simulator read. */
  readonly moveTo: (instant: Date) => Promise<void>
  readonly client: Client
  /** When the next paused subscription asks Stripe to go on, by its own clock. */
  readonly nextResumptionAt: () => Promise<Date | undefined>
  /**
   * When the next period after `instant` begins. The server (1.32) hurries a workflow that continues as new on its way
   * past the instants of its next runs, so no way is longer than a period.
   */
  readonly nextPeriodAfter: (instant: Date) => Promise<Date | undefined>
  /** The ids of all subscriptions that are not over. */
  readonly listLive: () => Promise<string[]>
  readonly stripe: {
    readonly nextDueAt: () => Promise<Date | undefined>
    /** Does what is due there, and delivers its events. */
    readonly settle: () => Promise<void>
  }
  /** Resolves when every event was taken in. */
  readonly settled: () => Promise<void>
}

/** Workflows move before Stripe does, and Stripe must not be asked for something while it is days behind. */
const BEFORE_RESUMPTION_MS = 1_000

const earliest = (stops: readonly (Date | undefined)[], target: Date): Date =>
  stops.reduce<Date>((first, stop) => (stop !== undefined && stop < first ? stop : first), target)

/**
 * Carries everything to `target`, stopping wherever something is due at Stripe, so that each thing happens at its own
 * instant and in its own order: first the workflows, then the clock, then Stripe and what follows from it.
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

/** What travellers ask of the database. */
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
