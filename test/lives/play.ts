import type { Ground } from '../support/ground.ts'
import { createWorld, type World, type WorldOptions } from '../support/world.ts'
import { STRIPE_ANSWERS } from './faults/stripe-answers.ts'
import { WEBHOOKS } from './faults/webhooks.ts'
import { layWires } from './faults/wires.ts'
import { WORKER } from './faults/worker.ts'
import type { Figures } from './figures.ts'
import { checkInvariants } from './invariants/all.ts'
import { openLetterbox } from './letterbox.ts'
import { createSettling } from './settling.ts'
import { HOUR } from './oracle/calendar.ts'
import { visitAt, type Life } from './life.ts'
import { createTown, type Failure } from './town.ts'
import { badWeather, goodWeather, type Climate } from './weather.ts'

export type Play = {
  readonly ground: Ground
  readonly lives: readonly Life[]
  /** Null is good weather. */
  readonly climate: Climate | null
  readonly name: string
  readonly figures: Figures
  readonly world?: Partial<WorldOptions>
  /** Something is made wrong, to see that it is found. */
  readonly plant?: (world: World) => Promise<void>
}

export type Played = {
  readonly failures: readonly Failure[]
  /** What is wrong with the world as a whole, in words. */
  readonly broken: readonly string[]
}

/** The last visit of all, and some weeks in which what follows from it comes to its end. */
const AFTERWARDS_VISITS = 3

/** Plays lives side by side in a world of their own, and looks at it from outside when they are over. */
export async function play(given: Play): Promise<Played> {
  const { ground, lives, climate, name, figures } = given
  const wires = climate === null ? undefined : await layWires(ground)
  const world = await createWorld({
    ground,
    mail: openLetterbox,
    ...(wires && { postgresPort: wires.postgresPort, temporalPort: wires.temporalPort }),
    ...given.world,
  })
  try {
    await given.plant?.(world)
    const weather =
      wires === undefined || climate === null
        ? goodWeather
        : badWeather([...WEBHOOKS, ...STRIPE_ANSWERS, ...WORKER, ...wires.faults], climate, figures)
    const town = createTown(world, lives, { name, weather, figures })
    const last = Math.max(...lives.flatMap(({ scenes }) => scenes.map(({ at }) => at)))
    await town.play(visitAt(last + AFTERWARDS_VISITS))
    await comeToRest(world)
    const wrong = new Set(town.failures.map(({ life }) => life))
    const broken = await checkInvariants(
      world,
      town.residents.filter((each) => !wrong.has(each.life)),
    )
    figures.lives += lives.length
    figures.failures += town.failures.length + broken.length
    return { failures: town.failures, broken }
  } finally {
    await world.close()
    await wires?.close()
  }
}

/** What was told in vain is told again after a minute, then after two, then after four: so much time is given to it. */
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
