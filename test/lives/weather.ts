import type { World } from '../support/world.ts'
import { chanceOf, type Fault, type Strike } from './faults/fault.ts'
import { countFaults, type Figures } from './figures.ts'

export type Weather = {
  /** Perhaps something goes wrong from now on, where so many people are concerned; answers its name, and what ends it. */
  readonly begin: (world: World, crowd: number) => Promise<Storm>
  /** Whether Stripe is away on the day that follows. */
  readonly isOutage: () => boolean
}
export type Storm = {
  /** Empty in good weather. */
  readonly name: string
  readonly end: () => Promise<void>
}

const GOOD: Storm = { name: '', end: async () => undefined }
const AT_ONCE_MAX = 2
/** One day in so many on which something is due and nobody does anything. */
const OUTAGE_EVERY = 6

export const goodWeather: Weather = { begin: async () => GOOD, isOutage: () => false }

export type Climate = {
  /** Decides which faults strike when. */
  readonly seed: number
  /** One stop in so many is stormy. */
  readonly stormEvery: number
}

/** Faults by a seed: which strike when is decided by it alone. */
export function badWeather(
  faults: readonly Fault[],
  { seed, stormEvery }: Climate,
  figures: Figures,
): Weather {
  const chance = chanceOf(seed)
  return {
    isOutage: () => chance.upTo(OUTAGE_EVERY) === 0,
    async begin(world, crowd) {
      if (chance.upTo(stormEvery) > 0) return GOOD
      const wanted = 1 + chance.upTo(AT_ONCE_MAX)
      const chosen = new Set(Array.from({ length: wanted }, () => chance.oneOf(faults)))
      const strikes: (Strike & { readonly kind: string })[] = []
      for (const { kind, strike } of chosen)
        strikes.push({ kind, ...(await strike(world, chance, crowd)) })
      if (process.env['LIVES_DEBUG'])
        console.error(
          world.clock.now().toISOString(),
          [...chosen].map(({ kind }) => kind),
        )
      return {
        name: strikes.map(({ kind }) => kind).join(' + '),
        end: async () => {
          for (const { kind, mend } of strikes) countFaults(figures, kind, await mend())
        },
      }
    },
  }
}
