import { inboxQueueOf } from '../../../domain/stripe/event.ts'
import type { Invariant } from './all.ts'

/**
 * An event that reached us is done the first time that its workflow is told of it. A bill is told to nobody: it waits for its
 * subscription, where it is ahead of it.
 */
export const toldOnce: Invariant = async ({ database }) => {
  const { rows } = await database.pool.query<{ type: string; count: number }>(
    `select type, count(*)::int as count from stripe_events where attempts > 1 group by type`,
  )
  return rows
    .filter(({ type }) => inboxQueueOf(type) === 'facts')
    .map(({ type, count }) => `had to be told again: ${count} × ${type}`)
}
