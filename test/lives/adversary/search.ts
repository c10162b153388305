import type { Ground } from '../../support/ground.ts'
import type { Sequence } from './call.ts'
import { newDice, type Dice } from './dice.ts'
import { mutate, randomSequence } from './generate.ts'
import { holeOf } from './known.ts'
import { playTogether, type Plant, type Played } from './play.ts'

export type Figures = {
  sequences: number
  calls: number
  /** Answers by kind of call. */
  readonly outcomes: Record<string, number>
  /** Worlds that broke, and were not counted. */
  broken: number
  /** Most used for each minor unit, among those that found nothing. */
  best: Played | null
  /** Sequences with a violation, by hole; those of no known hole are under `NEW`. */
  readonly found: Map<string, Played[]>
}
export const NEW = 'new'

export type Search = {
  readonly ground: Ground
  readonly seed: number
  readonly sequences: number
  /** Sequences in one world. */
  readonly batch: number
  /** Worlds that play at once. */
  readonly worlds: number
  /** Ends earlier, at this reading of `performance.now()`. */
  readonly until?: number
  readonly plant?: Plant
  readonly progress?: (figures: Figures) => void
}

/** The sequences that are mutated: those that used most for each minor unit. */
const PARENTS_MAX = 40
/** More worlds than this do not break by chance. */
const BROKEN_MAX = 5
/** One of this many sequences is random; the others are mutations of the best ones. */
const RANDOM_EVERY = 2

/** Plays random sequences, and mutations of those that used most for the least money. */
export async function search(given: Search): Promise<Figures> {
  const { ground, seed, sequences, batch, worlds, until = Infinity, plant, progress } = given
  const dice = newDice(seed)
  const figures: Figures = {
    sequences: 0,
    calls: 0,
    outcomes: {},
    best: null,
    broken: 0,
    found: new Map(),
  }
  let parents: Played[] = []
  let left = sequences

  /** An overloaded machine breaks a connection of the test itself now and then; that world is not counted. */
  const broken = (error: unknown): Played[] => {
    figures.broken += 1
    if (figures.broken > BROKEN_MAX) throw error
    console.error(error)
    return []
  }

  async function street(): Promise<void> {
    while (left > 0 && performance.now() < until) {
      const size = Math.min(batch, left)
      left -= size
      const next = Array.from({ length: size }, (_, index) => child(dice, parents, index))
      const played = await playTogether(ground, next, plant).catch(broken)
      for (const each of played) note(figures, each)
      parents = [...parents, ...played.filter(({ violation }) => violation === null)]
        .toSorted((a, b) => b.usedPerCent - a.usedPerCent)
        .slice(0, PARENTS_MAX)
      figures.best = parents[0] ?? null
      progress?.(figures)
    }
  }
  await Promise.all(Array.from({ length: worlds }, street))
  return figures
}

function child(dice: Dice, parents: readonly Played[], index: number): Sequence {
  if (parents.length === 0 || index % RANDOM_EVERY === 0) return randomSequence(dice)
  return mutate(dice, dice.pick(parents).sequence, dice.pick(parents).sequence)
}

function note(figures: Figures, played: Played): void {
  const { sequence, outcomes, violation } = played
  figures.sequences += 1
  figures.calls += outcomes.length
  for (const [index, outcome] of outcomes.entries()) {
    const name = `${sequence[index]?.kind}: ${outcome}`
    figures.outcomes[name] = (figures.outcomes[name] ?? 0) + 1
  }
  if (violation === null) return
  const hole = holeOf(sequence) ?? NEW
  if (hole === NEW) console.error(`${violation}: ${JSON.stringify(sequence)}`)
  figures.found.set(hole, [...(figures.found.get(hole) ?? []), played])
}
