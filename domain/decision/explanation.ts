import type { PlanRepository } from '../catalogue/plan-repository.ts'
import { factsOfRecord, type StoredOutcome } from './decision-record.ts'
import type { DecisionFacts } from './facts.ts'
import { redecide, type Difference } from './redecide.ts'
import type { StoredDecision } from './repository.ts'
import { sentencesOf } from './sentences.ts'

/** Why a change was made, in words, and whether the present code would make it again. */
export type Explanation = {
  readonly rule: string
  readonly build: string
  /** In English, in the order of the decision. */
  readonly sentences: readonly string[]
  /** Parts that the present code decides otherwise; none if it agrees. */
  readonly differences: readonly Difference[]
}

/** Explains a stored decision, and makes it again. */
export async function explanationOf(
  { rule, build, record }: StoredDecision,
  plans: Pick<PlanRepository, 'getVersion'>,
): Promise<Explanation> {
  const facts = await factsOfRecord(record, plans)
  return {
    rule,
    build,
    sentences: readableSentences(facts, record.outcome),
    differences: redecide(facts, record.outcome),
  }
}

/** Facts that an older build wrote may lack what a sentence says. The rest of the explanation holds without the sentences. */
function readableSentences(facts: DecisionFacts, outcome: StoredOutcome): string[] {
  try {
    return sentencesOf(facts, outcome)
  } catch (error) {
    return [`This version cannot put the record into words: ${String(error)}.`]
  }
}
