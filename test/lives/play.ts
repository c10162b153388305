import type { Ground, MortalGround } from '../support/ground.ts'
import { createWorld, type World, type WorldOptions } from '../support/world.ts'
import type { Fault } from './faults/fault.ts'
import { startProcesses } from './faults/processes.ts'
import { serverFaults } from './faults/servers.ts'
import { STRIPE_ANSWERS } from './faults/stripe-answers.ts'
import { WEBHOOKS } from './faults/webhooks.ts'
import { layWires } from './faults/wires.ts'
import { WORKER } from './faults/worker.ts'
import { countFindings, type Figures } from './figures.ts'
import type { Finding } from './finding.ts'
import { checkInvariants } from './invariants/all.ts'
import { openMailServer } from './mail-server.ts'
import { createSettling } from './settling.ts'
import { HOUR } from './oracle/calendar.ts'
import { visitAt, type Life } from './life.ts'
import type { Failure } from './judge.ts'
import { openMarket } from './market.ts'
import { createTown } from './town.ts'
import { badWeather, goodWeather, type Climate } from './weather.ts'

export type Play = {
  /** A `MortalGround` is killed, too. */
  readonly ground: Ground | MortalGround
  readonly lives: readonly Life[]
  /** Null means no faults. */
  readonly climate: Climate | null
  readonly name: string
  readonly figures: Figures
  /** Called immediately for each life with a difference, because a town may run for long. */
  readonly differed?: (failure: Failure) => void
  /** Runs API and workers in separate processes, two of each, and kills them. */
  readonly processes?: boolean
  /** Restricts faults to one kind; all by default. */
  readonly only?: string
  readonly world?: Partial<WorldOptions>
  /** Plants a bug, to prove that it is found. */
  readonly plant?: (world: World) => Promise<void>
}

export type Played = {
  readonly failures: readonly Failure[]
  /** Violated invariants of the whole world. */
  readonly broken: readonly Finding[]
}

/** Weeks after the last visit, in which its consequences finish. */
const AFTERWARDS_VISITS = 3

/** Plays lives in one separate world, and checks the invariants at the end. */
export async function play(given: Play): Promise<Played> {
  const { ground, climate } = given
  const wires = climate === null ? undefined : await layWires(ground)
  const inner = await createWorld({
    ground,
    mail: () => openMailServer(),
    worker: !given.processes,
    ...(wires && { postgresPort: wires.postgresPort, temporalPort: wires.temporalPort }),
    ...given.world,
  })
  try {
    await given.plant?.(inner)
    const processes = given.processes ? await startProcesses(inner) : undefined
    const faults = [
      ...WEBHOOKS,
      ...STRIPE_ANSWERS,
      ...(processes?.faults ?? WORKER),
      ...(wires?.faults ?? []),
      ...('kill' in ground ? serverFaults(ground) : []),
    ]
    try {
      return await live(
        processes?.world ?? inner,
        given,
        faults.filter(({ kind }) => given.only === undefined || kind === given.only),
      )
    } finally {
      await processes?.close()
    }
  } finally {
    await inner.close()
    await wires?.close()
  }
}

async function live(
  world: World,
  { climate, figures, differed, lives, name }: Play,
  faults: readonly Fault[],
): Promise<Played> {
  const weather = climate === null ? goodWeather : badWeather(faults, climate, figures)
  const market = await openMarket(world)
  const town = createTown(world, lives, {
    name,
    weather,
    market,
    figures,
    ...(differed && { differed }),
  })
  const last = Math.max(...lives.flatMap(({ scenes }) => scenes.map(({ at }) => at)))
  await town.play(visitAt(last + AFTERWARDS_VISITS))
  await comeToRest(world)
  const wrong = new Set(town.failures.map(({ life }) => life))
  const fine = town.residents.filter((each) => !wrong.has(each.life))
  const broken = await checkInvariants(world, fine, climate === null)
  countFindings(figures, broken)
  figures.lives += lives.length
  figures.failures += town.failures.length + broken.length
  return { failures: town.failures, broken }
}

/** Failed signals are repeated after one, two, then four minutes; this leaves enough time for that. */
const HOURS_OF_REST = 3

async function comeToRest(world: World): Promise<void> {
  const { settle, sweep } = createSettling(world)
  for (let hour = 1; hour <= HOURS_OF_REST; hour++) {
    await sweep()
    await settle()
    await world.moveTo(new Date(world.clock.now().getTime() + HOUR))
  }
  await settle()
}
