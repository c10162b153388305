import { turn } from '../../support/dashboard.ts'
import type { World } from '../../support/world.ts'
import { HOUR } from '../oracle/calendar.ts'

export const OUTAGE = 'Stripe away for a day'
/** More than anybody asks in a day. */
const ALL = 1_000_000
const HOURS = 25
/** Workers come round this often in it: each time they ask in vain. */
const ROUND_HOURS = 6

/**
 * For a day and an hour until `to` Stripe refuses whatever it is asked and delivers nothing, while its own clock goes on:
 * renewals and retries are made. Whoever uses the service meanwhile is served as on any day.
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

/** Stripe is back; what it held back comes when nobody is late any more. */
export const answersAgain = async ({ simulator }: World): Promise<void> =>
  void (await fetch(`${simulator.url}/_simulator/faults`, { method: 'DELETE' }))

/** What was held back comes, in an order of its own. */
export const deliversAgain = async ({ simulator }: World): Promise<void> =>
  void (await fetch(`${simulator.url}/_simulator/deliveries`, { method: 'DELETE' }))
