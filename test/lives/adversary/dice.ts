/** Repeatable random numbers. */
export type Dice = {
  /** A whole number from 0 up to, but not including, `sides`. */
  readonly roll: (sides: number) => number
  readonly pick: <T>(from: readonly T[]) => T
}

/** @param seed Any whole number; the algorithm is mulberry32. */
export function newDice(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const roll = (sides: number): number => Math.floor(next() * sides)
  return { roll, pick: (from) => from[roll(from.length)]! }
}
