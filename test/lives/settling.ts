import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'
import { HOUR } from './oracle/calendar.ts'

export type Settling = {
  /** Resolves when all work pending at the call is done, or cannot be done now. */
  readonly settle: () => Promise<void>
  /** One round of the worker's periodic jobs, including those without a webhook. Does not wait for results. */
  readonly sweep: () => Promise<void>
  /** Resolves when all billable usage is reported to Stripe's meters, including retries. */
  readonly meter: () => Promise<void>
  /** A sweep that must succeed, as one does within a minute once all servers are back. */
  readonly catchUp: () => Promise<void>
}

/** Between two stops, Stripe's changes happen only in the hours before the later one. */
const LOOK_BACK_MS = 4 * HOUR

/** More attempts than a storm can make fail. */
const REPORTS_MAX = 40

/** Many callers wait for the same world: calls during a round share the next one. */
function shared(round: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const attempt = async () => {
    try {
      await round()
    } catch (error) {
      // A server is down, or an item is not due yet: the caller checks the state and tries again.
      if (process.env['LIVES_DEBUG']) console.error(error)
    }
    running = undefined
  }
  const after = async (before: Promise<void>) => {
    await before
    next = undefined
    await ask()
  }
  const ask = (): Promise<void> => {
    if (running === undefined) return (running = attempt())
    return (next ??= after(running))
  }
  return ask
}

export function createSettling(world: World): Settling {
  const { container, clock } = world

  /** A worker would have polled each minute without finding events, so the cursor moves ahead. */
  async function readTheList(): Promise<void> {
    const now = clock.now()
    const from = new Date(now.getTime() - LOOK_BACK_MS)
    await world.database.pool.query(
      `insert into sync_cursors (name, position, due_at) values ('stripe events', $1, $1)
       on conflict (name) do update set position = greatest(sync_cursors.position, $1), due_at = $1`,
      [from],
    )
    await container.tailStripeEvents(now, 0)
  }

  async function round(): Promise<void> {
    await readTheList()
    await container.forwardStripeEvents(clock.now())
    await container.mirrorInvoiceEvents(clock.now())
    await container.forwardUsageAlerts(clock.now())
    await container.reportOverage(clock.now())
    await container.deliverLetters(clock.now())
  }

  /** A worker retries each minute; so the clock moves to the next retry. */
  async function meter(): Promise<void> {
    for (let attempt = 1; attempt <= REPORTS_MAX; attempt++) {
      await container.reportOverage(clock.now())
      const { rows } = await world.database.pool.query<{ due_at: Date }>(
        `select due_at from usage_overage_reports where state = 'pending' order by due_at limit 1`,
      )
      const [next] = rows
      if (next === undefined) return
      if (next.due_at > clock.now()) await world.moveTo(next.due_at)
    }
    throw new Error('billable usage was never reported')
  }

  return {
    meter,
    settle: shared(world.settled),
    sweep: shared(round),
    catchUp: () =>
      until('a worker came round', async () => {
        try {
          await round()
          return true
        } catch {
          return false
        }
      }),
  }
}
