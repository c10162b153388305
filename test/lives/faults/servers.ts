import { setTimeout as wait } from 'node:timers/promises'
import type { MortalGround } from '../../support/ground.ts'
import type { Chance, Fault } from './fault.ts'

/** A server dies somewhere within the steps of a stop. */
const BEFORE_MAX_MS = 800
/** So long nothing more fits on the disk. */
const FULL_MAX_MS = 2_000

/** What happens to the servers themselves: they are killed, and start again on the data that they left. */
export const serverFaults = ({ kill, fillDisk }: MortalGround): readonly Fault[] => [
  happening('kill -9 of Postgres', async () => kill.postgres()),
  happening('kill -9 of Temporal', async () => kill.temporal()),
  ...(fillDisk === undefined
    ? []
    : [
        happening("Postgres's disk is full", (chance) =>
          fillDisk(() => wait(chance.upTo(FULL_MAX_MS))),
        ),
      ]),
]

const happening = (kind: string, happen: (chance: Chance) => Promise<void>): Fault => ({
  kind,
  strike: async (_world, chance) => {
    const before = chance.upTo(BEFORE_MAX_MS)
    // Its end is looked at later, and a failure must not be nobody's until then.
    const happened = Promise.allSettled([wait(before).then(() => happen(chance))])
    return {
      mend: async () => {
        const [end] = await happened
        if (end.status === 'rejected') throw end.reason
        return 1
      },
    }
  },
})
