import type { Budget } from './budgets.ts'

/** A measured figure. */
export type Figure = { readonly name: string; readonly value: number; readonly unit: string }

/** How one figure grows with another, as a curve of the plot. */
export type Growth = {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** The result of a section: medians of its rounds, and the budgets for them. */
export type Findings = {
  readonly figures: readonly Figure[]
  readonly budgets: readonly Budget[]
  readonly growth?: readonly Growth[]
  /** The figures of each round. */
  readonly rounds?: unknown
}

export type Section = {
  readonly name: string
  /** Takes minutes or gigabytes of disk, so it runs only on request. */
  readonly isLong?: boolean
  /** @param only the part to measure, for a section that has several. @throws if the section does not have it */
  readonly measure: (only?: string) => Promise<Findings>
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

/** Runs the rounds one after the other, and prints a line for each. */
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
