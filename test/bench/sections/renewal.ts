import { isAction, sizeOf, withoutTravel } from '../../replay/history-file.ts'
import { startGround } from '../../support/ground.ts'
import { subscribe } from '../../support/customer.ts'
import { wholePeriodOf } from '../../support/whole-period.ts'
import { createWorld } from '../../support/world.ts'
import { atMost } from '../budgets.ts'
import type { Section } from '../section.ts'

/** Temporal's work and storage for one plain renewal. */
export const renewal: Section = {
  name: 'renewal',
  async measure() {
    const ground = await startGround()
    const world = await createWorld({ ground })
    try {
      const history = withoutTravel(
        await wholePeriodOf(world, await subscribe(world, 'plan_pro_monthly')),
      )
      const actions = history.events.filter(isAction).length
      return {
        figures: [],
        budgets: [
          atMost('one renewal, Temporal Actions', actions, 4, 'actions'),
          atMost('one renewal, events', history.events.length, 20, 'events'),
          atMost('one renewal, history', sizeOf(history) / 1_024, 4, 'KiB'),
        ],
      }
    } finally {
      await world.close()
      await ground.stop()
    }
  },
}
