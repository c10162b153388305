import type { Difference } from './redecide.ts'
import type { StoredDecision } from './repository.ts'

/** Examples of one kind of difference that a report keeps. */
const EXAMPLES_MAX = 3

/** A kind of difference: the rule, and the part of the outcome. */
export type DifferenceKind = {
  /** Names it in the file of accepted differences: `<rule> <part>`. */
  readonly name: string
  readonly count: number
  readonly isAccepted: boolean
  readonly examples: readonly (Difference &
    Pick<StoredDecision, 'subscriptionId' | 'seq' | 'build'>)[]
}

/** The result of making decisions again. */
export type RedecideReport = {
  readonly decided: number
  /** Decisions with a difference that is not accepted. */
  readonly differing: number
  /** The most frequent first. */
  readonly kinds: readonly DifferenceKind[]
}

/** Counts differences by rule and part. @param accepted names of differences that are expected. */
export function createReport(accepted: ReadonlySet<string>) {
  const kinds = new Map<string, DifferenceKind>()
  let decided = 0
  let differing = 0
  return {
    add(decision: StoredDecision, differences: readonly Difference[]): void {
      decided++
      const { subscriptionId, seq, build, rule } = decision
      for (const difference of differences) {
        const name = `${rule} ${kindOf(difference.part)}`
        const { count = 0, examples = [] } = kinds.get(name) ?? {}
        const example = { subscriptionId, seq, build, ...difference }
        kinds.set(name, {
          name,
          count: count + 1,
          isAccepted: accepted.has(name),
          examples: examples.length < EXAMPLES_MAX ? [...examples, example] : examples,
        })
      }
      if (differences.some(({ part }) => !accepted.has(`${rule} ${kindOf(part)}`))) differing++
    },
    result: (): RedecideReport => ({
      decided,
      differing,
      kinds: [...kinds.values()].toSorted((a, b) => b.count - a.count),
    }),
  }
}

/** Without numbers of elements and names of features, so that one change of a rule is one kind. */
const kindOf = (part: string): string =>
  part
    .split('.')
    .slice(0, 2)
    .join('.')
    .replace(/\.\d+$/, '')
    .replace(/^windows\..*/, 'windows')
