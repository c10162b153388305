import { setTimeout as wait } from 'node:timers/promises'
import type { MortalGround } from '../../support/ground.ts'
import type { Chance, Fault } from './fault.ts'

/** A server is killed at some moment within a stop. */
const BEFORE_MAX_MS = 800
/** How long the disk stays full. */
const FULL_MAX_MS = 2_000

/** Faults of the servers: they are killed, and restart on their data. */
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
    // Settled, because a failure before anything awaits it would be an unhandled rejection.
    const happened = Promise.allSettled([wait(before).then(() => happen(chance))])
    return {
      repair: async () => {
        const [end] = await happened
        if (end.status === 'rejected') throw end.reason
        return 1
      },
    }
  },
})
