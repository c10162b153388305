import { startBilling } from '../billing.ts'
import { atMost } from '../budgets.ts'
import type { Section } from '../section.ts'

/** Before the first reading, so that code, connections and the first isolates do not count. */
const WARM_UP = 100
/** The worker caches up to 1,000 workflows; all readings stay below that. */
const STEPS = [200, 400, 800]

/** A cached subscription's share of its worker's resident memory, and how fast free ones start. */
export const memory: Section = {
  name: 'memory',
  async measure() {
    const billing = await startBilling()
    try {
      await billing.start(WARM_UP)
      const before = await billing.residentKb()
      const began = performance.now()
      const points: [number, number][] = []
      let started = 0
      for (const step of STEPS) {
        await billing.start(step - started)
        started = step
        points.push([step, ((await billing.residentKb()) - before) / 1_024])
      }
      const seconds = (performance.now() - began) / 1_000
      const each = ((await billing.residentKb()) - before) / started
      return {
        figures: [
          { name: 'free subscriptions started and active', value: started / seconds, unit: '/s' },
        ],
        budgets: [atMost('resident memory per cached subscription', each, 400, 'KB')],
        growth: [
          {
            title: 'memory of a worker, by subscriptions in its cache',
            x: 'subscriptions',
            y: 'MiB more',
            points,
          },
        ],
      }
    } finally {
      await billing.close()
    }
  },
}
