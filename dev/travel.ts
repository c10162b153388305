import type { Client } from '@temporalio/client'
import { fastForward } from '../adapters/temporal/time-skipping.ts'
import { subscriptionWorkflowId } from '../workflows/contract.ts'

/** All that has a time of its own, and must move together. */
export type Travellers = {
  readonly now: () => Date
  /** Moves the clock that API, worker and simulator read. */
  readonly moveTo: (instant: Date) => Promise<void>
  readonly client: Client
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

/**
 * Carries everything to `target`, stopping wherever something is due at Stripe, so that each thing happens at its own
 * instant and in its own order: first the workflows, then the clock, then Stripe and what follows from it.
 */
export async function travel(travellers: Travellers, target: Date): Promise<void> {
  const { client, stripe } = travellers
  while (travellers.now() < target) {
    const due = await stripe.nextDueAt()
    const step = due !== undefined && due > travellers.now() && due < target ? due : target
    for (const id of await travellers.listLive())
      await fastForward(client, subscriptionWorkflowId(id), step)
    await travellers.moveTo(step)
    await stripe.settle()
    await travellers.settled()
  }
}
