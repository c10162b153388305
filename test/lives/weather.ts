import type { World } from '../support/world.ts'
import { chanceOf, type Fault, type Strike } from './faults/fault.ts'
import { countFaults, type Figures } from './figures.ts'

export type Weather = {
  /** Starts a fault by chance, for a crowd of this size; returns its name and a function that ends it. */
  readonly begin: (world: World, crowd: number) => Promise<Storm>
  /** Whether Stripe is down on the following day. */
  readonly isOutage: () => boolean
}
export type Storm = {
  /** Empty without a fault. */
  readonly name: string
  readonly end: () => Promise<void>
}

const GOOD: Storm = { name: '', end: async () => undefined }
const AT_ONCE_MAX = 2
/** Stripe is down on one in this many days with due events and without acts. */
const OUTAGE_EVERY = 6

export const goodWeather: Weather = { begin: async () => GOOD, isOutage: () => false }

export type Climate = {
  /** Decides which faults strike when. */
  readonly seed: number
  /** One stop in this many has faults. */
  readonly stormEvery: number
}

/** Faults by chance; the seed alone decides which strike when. */
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
          for (const { kind, repair } of strikes) countFaults(figures, kind, await repair())
        },
      }
    },
  }
}
