import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { anyFreePort } from '../../../dev/ports.ts'
import { startApiProcess } from '../../support/api-process.ts'
import { callerOf, type Call } from '../../support/call.ts'
import { startWorkerProcess } from '../../support/worker-process.ts'
import type { World } from '../../support/world.ts'
import type { Chance, Fault } from './fault.ts'

const EACH = 2
/** Each process has a separate clock. */
const CLOCKS = ['api-0', 'api-1', 'worker-0', 'worker-1'] as const
/** The jumps of a clock, ahead or back. */
const JUMPS_MS = [-60_000, -20_000, 20_000, 60_000] as const
/** A process is killed at some moment within a stop. */
const BEFORE_MAX_MS = 600
/** Longer than the interval at which a process reads its clock file. */
const CLOCK_SEEN_MS = 120

type Running = { readonly kill: () => Promise<void> }

export type Processes = {
  /** The world, with calls sent to these processes. */
  readonly world: World
  readonly faults: readonly Fault[]
  readonly close: () => Promise<void>
}

/** Two API and two worker processes, each of which may be killed at any moment and is then replaced. */
export async function startProcesses(inner: World): Promise<Processes> {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-lives-'))
  const clocks = CLOCKS.map((name) => ({ file: join(directory, `${name}.json`), aheadMs: 0 }))
  const writeClocks = async () => {
    const offsetMs = inner.clock.now().getTime() - Date.now()
    for (const { file, aheadMs } of clocks)
      await writeFile(file, JSON.stringify({ offsetMs: offsetMs + aheadMs }))
    await wait(CLOCK_SEEN_MS)
  }
  await writeClocks()
  const world: World = {
    ...inner,
    workerEnvironment: {
      ...inner.workerEnvironment,
      // As in the world's own worker.
      CHECKOUT_MINUTES: '60',
    },
    call: (...request) => ask(...request),
    moveTo: async (instant) => {
      await inner.moveTo(instant)
      await writeClocks()
    },
  }
  const ports = await Promise.all(Array.from({ length: EACH }, anyFreePort))
  const startApi = (index: number) =>
    startApiProcess(inner.database.url, ports[index]!, {
      ...world.workerEnvironment,
      PERENNIAL_CLOCK_FILE: clocks[index]!.file,
      PERENNIAL_ENV: 'development',
      STRIPE_WEBHOOK_SECRET: inner.webhookSecret,
    })
  const startWorker = (index: number) =>
    startWorkerProcess(world, { PERENNIAL_CLOCK_FILE: clocks[EACH + index]!.file })
  const apis: Running[] = await Promise.all(ports.map((_port, index) => startApi(index)))
  const workers: Running[] = await Promise.all(ports.map((_port, index) => startWorker(index)))
  const callers = ports.map((port) => callerOf(`http://127.0.0.1:${port}`))
  let calls = 0
  const ask: Call = (...request) => {
    calls += 1
    return callers[calls % EACH]!(...request)
  }
  return {
    world,
    faults: [
      killing('kill -9 of an API', apis, startApi),
      killing('kill -9 of a worker', workers, startWorker),
      {
        kind: 'clock of a process jumps',
        strike: async (_world, chance) => {
          const clock = chance.oneOf(clocks)
          clock.aheadMs = chance.oneOf(JUMPS_MS)
          await writeClocks()
          return {
            repair: async () => {
              clock.aheadMs = 0
              await writeClocks()
              return 1
            },
          }
        },
      },
    ],
    close: async () => {
      await Promise.all([...apis, ...workers].map(({ kill }) => kill()))
      await rm(directory, { recursive: true })
    },
  }
}

const killing = (
  kind: string,
  running: Running[],
  start: (index: number) => Promise<Running>,
): Fault => ({
  kind,
  strike: async (_world, chance: Chance) => {
    const index = chance.upTo(running.length)
    const before = chance.upTo(BEFORE_MAX_MS)
    const kill = async () => {
      await wait(before)
      await running[index]!.kill()
      running[index] = await start(index)
    }
    const killed = kill()
    return {
      repair: async () => {
        await killed
        return 1
      },
    }
  },
})
