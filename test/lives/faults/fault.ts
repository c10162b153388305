import type { World } from '../../support/world.ts'

/** Random numbers that a seed reproduces. */
export type Chance = {
  /** From 0 up to `below`. */
  readonly upTo: (below: number) => number
  readonly oneOf: <T>(choices: readonly T[]) => T
}

/** Mulberry32, of Tommy Ettinger, in the public domain. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const upTo = (below: number) => Math.floor(next() * below)
  return { upTo, oneOf: (choices) => choices[upTo(choices.length)]! }
}

/** A temporary failure. */
export type Fault = {
  readonly kind: string
  /** Starts it, for a crowd of this size; `mend` ends it and returns the number of single faults. */
  readonly strike: (world: World, chance: Chance, crowd: number) => Promise<Strike>
}
export type Strike = { readonly repair: () => Promise<number> }
