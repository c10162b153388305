import { inboxQueueOf } from '../../../domain/stripe/event.ts'
import type { Invariant } from './all.ts'

/**
 * The first signal of a received event to its workflow succeeds. Invoice events need no signal: they may wait for their
 * subscription if they arrive before it.
 */
export const forwardedOnce: Invariant = async ({ database }) => {
  const { rows } = await database.pool.query<{ type: string; count: number }>(
    `select type, count(*)::int as count from stripe_events where attempts > 1 group by type`,
  )
  return rows
    .filter(({ type }) => inboxQueueOf(type) === 'facts')
    .map(({ type, count }) => `had to be forwarded again: ${count} × ${type}`)
}
