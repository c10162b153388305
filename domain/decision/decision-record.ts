import type { PlanRepository } from '../catalogue/plan-repository.ts'
import type { Subscription } from '../subscription/subscription.ts'
import type { Decision, DecisionFacts } from './facts.ts'
import { withoutPersonalData } from './impersonal.ts'
import { fromPlain, toPlain, type Plain } from './plain.ts'
import type { RuleName } from './rule.ts'

/** A decision as it is stored: its facts and its outcome, without personal data. Plan versions are named by their ids. */
export type DecisionRecord = {
  readonly facts: StoredFacts
  readonly outcome: StoredOutcome
}

type StoredFacts = Omit<DecisionFacts, 'plans'> & { readonly planVersionIds: readonly string[] }

/** The outcome of a decision. `set` has the fields that differ from before. */
export type StoredOutcome = {
  readonly set: Readonly<Record<string, Plain>>
  readonly changes: readonly string[]
  readonly letters: readonly StoredLetter[]
  /** By the code of the feature: start, end and limit of the window. */
  readonly windows: Readonly<Record<string, Plain>>
  readonly endWindowsAt: Plain
}

/** A letter by its key; its content stays where letters are kept. */
type StoredLetter = { readonly key: string; readonly kind: string; readonly amountMinor: number }

/** A decision to store with the step that it decided. */
export type DecisionToStore = {
  readonly rule: RuleName
  /** Identifies the code that decided. */
  readonly build: string
  readonly body: Plain
}

/** Changes with each write and decides nothing. */
const COUNTED = new Set(['observedSeq', 'updatedAt'])

/** @returns the record of a decision; null if it changed nothing, so that there is nothing to explain. */
export function recordOf(
  facts: DecisionFacts,
  decision: Decision,
  build: string,
): DecisionToStore | null {
  const outcome = outcomeOf(facts, decision)
  const isEmpty = outcome.changes.length + outcome.letters.length === 0
  if (isEmpty && Object.keys(outcome.set).length === 0) return null
  const { plans, ...given } = withoutPersonalData(facts)
  const stored = { ...given, planVersionIds: [...plans.keys()] }
  return { rule: facts.rule.name, build, body: { facts: toPlain(stored), outcome } }
}

/** The outcome of a decision in the form in which it is stored and compared. */
export function outcomeOf(facts: DecisionFacts, decision: Decision): StoredOutcome {
  const { before } = withoutPersonalData(facts)
  const { after } = withoutPersonalData({ ...facts, before: decision.after, after: decision.after })
  return {
    set: differing(before, after),
    changes: decision.changes.map(({ kind }) => kind),
    letters: decision.letters.map(({ key, kind, content: { amountMinor } }) => ({
      key,
      kind,
      amountMinor,
    })),
    windows: windowsByFeature(facts, decision),
    endWindowsAt: toPlain(decision.endWindowsAt),
  }
}

function differing(before: Subscription, after: Subscription): Record<string, Plain> {
  const was: Readonly<Record<string, unknown>> = before
  return Object.fromEntries(
    Object.entries(after)
      .filter(([key]) => !COUNTED.has(key))
      .map(([key, value]) => [key, toPlain(value)] as const)
      .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(toPlain(was[key]))),
  )
}

/** Of the windows of one feature the last contains the instant; earlier ones only carry over what was left. */
function windowsByFeature({ plans }: DecisionFacts, { windows }: Decision): Record<string, Plain> {
  const codes = new Map(
    [...plans.values()].flatMap((plan) =>
      plan.features.map(({ featureId, code }) => [featureId, code] as const),
    ),
  )
  return Object.fromEntries(
    windows.map(({ featureId, start, end, quotaLimit }) => [
      codes.get(featureId) ?? featureId,
      toPlain([start, end, quotaLimit]),
    ]),
  )
}

/** @param body as `recordOf` wrote it. */
export function recordFrom(body: Plain): DecisionRecord {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `recordOf`, and by nothing else
  const { facts, outcome } = body as unknown as { facts: Plain; outcome: StoredOutcome }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return { facts: fromPlain(facts) as StoredFacts, outcome }
}

/**
 * The facts of a record, with the plan versions that it names. Versions never change, so they are read and not stored.
 *
 * @throws Error if a version does not exist.
 */
export async function factsOfRecord(
  { facts: { planVersionIds, ...facts } }: DecisionRecord,
  plans: Pick<PlanRepository, 'getVersion'>,
): Promise<DecisionFacts> {
  const versions = await Promise.all(planVersionIds.map((id) => plans.getVersion(id)))
  return { ...facts, plans: new Map(versions.map((plan) => [plan.id, plan])) }
}
