import { until } from '../../support/until.ts'
import type { Fault } from './fault.ts'

/** The worker is replaced while it works, as by a deploy. */
export const WORKER: readonly Fault[] = [
  {
    kind: 'worker replaced',
    strike: async (world) => {
      const replace = async () => {
        await world.stopWorker()
        // Another fault may keep it from Temporal for a moment.
        await until('a worker runs', async () => {
          try {
            await world.startWorker()
            return true
          } catch {
            return false
          }
        })
      }
      const replaced = replace()
      return {
        mend: async () => {
          await replaced
          return 1
        },
      }
    },
  },
]
