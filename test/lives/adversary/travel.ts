import pLimit from 'p-limit'
import { fastForward } from '../../../adapters/temporal/time-skipping.ts'
import type { World } from '../../support/world.ts'
import { subscriptionWorkflowId } from '../../../workflows/contract.ts'

/** Stripe finalizes a renewal an hour after the boundary, and a workflow asks three hours after it. */
const AFTER_A_BOUNDARY_MS = 1.4 * 3_600_000
/** Hundreds of renewals at once, on a busy machine. */
const PATIENCE_MS = 240_000
/** Workflows that are moved at once. */
const TOGETHER = 32

/**
 * Moves a world and the subscriptions of these users to an instant. It stops after each boundary, so that Stripe does its
 * work before a workflow asks for it; boundaries that are close share one stop.
 */
export async function travelTo(
  world: World,
  target: Date,
  { users, acting }: { readonly users: readonly string[]; readonly acting: readonly string[] },
): Promise<void> {
  while (world.clock.now() < target) {
    const next = await nextBoundary(world, users)
    const stop = new Date(Math.min(target.getTime(), next + AFTER_A_BOUNDARY_MS))
    await moveWorkflows(world, stop, { users, acting: stop < target ? [] : acting })
    await world.moveTo(stop)
    await world.simulator.settle()
    await world.settled(PATIENCE_MS)
    await world.container.endOffers(world.clock.now())
  }
}

/** The next instant at which Stripe, or a subscription by itself, has something to do. */
async function nextBoundary({ clock, database, simulator }: World, users: readonly string[]) {
  const now = clock.now()
  const { rows } = await database.pool.query<{ at: Date | null }>(
    `select min(due) as at from subscriptions,
       unnest(array[period_end, trial_end, cancel_at, resumes_at]) as due
     where user_id = any ($1) and status not in ('canceled', 'incomplete_expired') and due > $2`,
    [users, now],
  )
  const atStripe = simulator.nextDueAt()?.getTime() ?? Infinity
  return Math.max(now.getTime(), Math.min(atStripe, rows[0]?.at?.getTime() ?? Infinity))
}

/** Moves those that act then, and those with a boundary on the way: the others catch up when it is their turn. */
async function moveWorkflows(
  world: World,
  to: Date,
  { users, acting }: { readonly users: readonly string[]; readonly acting: readonly string[] },
): Promise<void> {
  const { rows } = await world.database.pool.query<{ id: string }>(
    `select id from subscriptions
     where user_id = any ($1) and status not in ('canceled', 'incomplete_expired')
       and (user_id = any ($2) or least(period_end, trial_end, cancel_at, resumes_at) <= $3)`,
    [users, acting, to],
  )
  const { client } = world.container.temporal
  const limit = pLimit(TOGETHER)
  await Promise.all(
    rows.map(({ id }) => limit(() => fastForward(client, subscriptionWorkflowId(id), to))),
  )
}
