import type { Budget } from './budgets.ts'

/** Something measured. */
export type Figure = { readonly name: string; readonly value: number; readonly unit: string }

/** How a figure grows with another one, as a line of the plot. */
export type Growth = {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** What a section found: medians of its rounds, and what is promised of them. */
export type Findings = {
  readonly figures: readonly Figure[]
  readonly budgets: readonly Budget[]
  readonly growth?: readonly Growth[]
  /** Each round as it was measured. */
  readonly rounds?: unknown
}

export type Section = {
  readonly name: string
  /** Minutes, or gigabytes of disk: only when it is asked for. */
  readonly isLong?: boolean
  readonly measure: () => Promise<Findings>
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

/** The medians of each figure over some rounds. */
export const mediansOf =
  (rounds: readonly Readonly<Record<string, number>>[]) =>
  (name: string): number =>
    median(rounds.map((round) => round[name] ?? NaN))

/** One round after the other, with a line for each. */
export async function inRounds<T>(
  name: string,
  count: number,
  round: (index: number) => Promise<T>,
): Promise<T[]> {
  const rounds: T[] = []
  for (let index = 0; index < count; index++) {
    console.error(`${name}: round ${index + 1} of ${count}`)
    rounds.push(await round(index))
  }
  return rounds
}
