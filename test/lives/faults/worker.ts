import type { Fault } from './fault.ts'

/** The worker is replaced while it works, as by a deploy. */
export const WORKER: readonly Fault[] = [
  {
    kind: 'worker replaced',
    strike: async (world) => {
      const replace = async () => {
        await world.stopWorker()
        await world.startWorker()
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
