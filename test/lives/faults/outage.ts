import { turn } from '../../support/dashboard.ts'
import type { World } from '../../support/world.ts'
import { HOUR } from '../oracle/calendar.ts'

export const OUTAGE = 'Stripe away for a day'
/** More than all requests of a day. */
const ALL = 1_000_000
const HOURS = 25
/** The interval of sweeps during the outage; all of their requests fail. */
const ROUND_HOURS = 6

/**
 * For 25 hours until `to`, Stripe refuses all requests and delivers no webhooks, while its clock advances: it still makes
 * renewals and retries. The service must serve customers as on any day.
 */
export async function awayForADay(
  world: World,
  to: number,
  meanwhile: { readonly sweep: () => Promise<void>; readonly live: () => Promise<unknown> },
): Promise<void> {
  await world.moveTo(new Date(to - HOURS * HOUR))
  await turn(world, 'faults', { kind: 'answer', status: 503, count: ALL })
  await turn(world, 'deliveries', { action: 'reorder', count: ALL })
  await meanwhile.live()
  for (let left = HOURS - ROUND_HOURS; left > 0; left -= ROUND_HOURS) {
    await meanwhile.sweep()
    await world.moveTo(new Date(to - left * HOUR))
    await world.simulator.settle()
  }
  await meanwhile.sweep()
}

/** Stripe answers again; withheld webhooks follow only when no life lags behind. */
export const answersAgain = async ({ simulator }: World): Promise<void> =>
  void (await fetch(`${simulator.url}/_simulator/faults`, { method: 'DELETE' }))

/** Stripe delivers the withheld webhooks in random order. */
export const deliversAgain = async ({ simulator }: World): Promise<void> =>
  void (await fetch(`${simulator.url}/_simulator/deliveries`, { method: 'DELETE' }))
