import { startBilling } from '../billing.ts'
import { atMost } from '../budgets.ts'
import type { Section } from '../section.ts'

/** Before the first reading: code, connections and the first isolates are not what a subscription costs. */
const WARM_UP = 100
/** The worker keeps 1,000 in its cache; all readings lie below that. */
const STEPS = [200, 400, 800]

/** What a cached subscription costs its worker, by the resident memory of the worker's process, and how fast free ones begin. */
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
