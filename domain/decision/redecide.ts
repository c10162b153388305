import { decide } from './decide.ts'
import { outcomeOf, type StoredOutcome } from './decision-record.ts'
import type { DecisionFacts } from './facts.ts'
import type { Plain } from './plain.ts'

/** A part of a decision that the present code decides otherwise. A part that is absent is undefined. */
export type Difference = {
  /** Names the part, such as `set.cancelAt` or `letters.0.kind`. */
  readonly part: string
  readonly recorded: Plain | undefined
  readonly now: Plain | undefined
}

/**
 * Runs the present rules on the facts of a stored decision.
 *
 * @returns the differences from what was recorded; none if the present code agrees. Facts from which the present code cannot
 *   decide, because an older build wrote them, are a difference too.
 */
export function redecide(facts: DecisionFacts, recorded: StoredOutcome): Difference[] {
  try {
    return differences(recorded, outcomeOf(facts, decide(facts)), '')
  } catch (error) {
    const now = error instanceof Error ? error.message : String(error)
    return [{ part: 'rule', recorded: facts.rule.name, now }]
  }
}

function differences(
  recorded: Plain | undefined,
  now: Plain | undefined,
  part: string,
): Difference[] {
  if (!hasParts(recorded) || !hasParts(now))
    return JSON.stringify(recorded) === JSON.stringify(now) ? [] : [{ part, recorded, now }]
  const [was, is] = [new Map(Object.entries(recorded)), new Map(Object.entries(now))]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) =>
    differences(was.get(key), is.get(key), part === '' ? key : `${part}.${key}`),
  )
}

const hasParts = (
  value: Plain | undefined,
): value is Exclude<Plain, string | number | boolean | null> =>
  typeof value === 'object' && value !== null
