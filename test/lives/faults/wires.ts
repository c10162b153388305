import { setTimeout as wait } from 'node:timers/promises'
import { createCutOff, type CutOff } from '../../support/cut-off.ts'
import type { Ground } from '../../support/ground.ts'
import type { Chance, Fault } from './fault.ts'

/** How long a server is unreachable; callers retry for longer. */
const AWAY_MAX_MS = 1_500

export type Wires = {
  readonly postgresPort: number
  readonly temporalPort: number
  readonly faults: readonly Fault[]
  readonly close: () => Promise<void>
}

/** Proxies before Postgres and Temporal that can break. */
export async function layWires({ postgresUrl, temporalAddress }: Ground): Promise<Wires> {
  const postgres = await createCutOff(Number(new URL(postgresUrl).port))
  const temporal = await createCutOff(Number(temporalAddress.split(':')[1]))
  return {
    postgresPort: postgres.port,
    temporalPort: temporal.port,
    faults: [
      { kind: 'Postgres out of reach', strike: (_world, chance) => cutForAWhile(postgres, chance) },
      { kind: 'Temporal out of reach', strike: (_world, chance) => cutForAWhile(temporal, chance) },
    ],
    close: async () => {
      await postgres.close()
      await temporal.close()
    },
  }
}

async function cutForAWhile(wire: CutOff, chance: Chance) {
  const before = chance.upTo(AWAY_MAX_MS)
  const away = chance.upTo(AWAY_MAX_MS)
  const cutAndRepair = async () => {
    await wait(before)
    await wire.cut()
    await wait(away)
    await wire.repair()
  }
  const done = cutAndRepair()
  return {
    repair: async () => {
      await done
      return 1
    },
  }
}
