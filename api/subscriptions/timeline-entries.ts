import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Repositories } from '../../domain/repositories.ts'
import type { TimelineEntry } from '../../domain/subscription/repository.ts'
import { planStepOf } from '../../domain/subscription/timeline-plans.ts'

type PlanUnits = { readonly plan: PlanVersion; readonly quantity: number }

/** A timeline entry with the plans and the name of the key that it refers to. */
export type NamedEntry = TimelineEntry & {
  /** Null unless the plan or its quantity changes. `at`: when a scheduled change takes effect. */
  readonly planStep: {
    readonly from: PlanUnits
    readonly to: PlanUnits
    readonly at: string | null
  } | null
  /** The name of the API key that sent the command; null without one. */
  readonly keyName: string | null
}

/** Reads the plans and keys that timeline entries refer to by id, each once. */
export async function nameEntries(
  { plans, apiKeys }: Pick<Repositories, 'plans' | 'apiKeys'>,
  entries: readonly TimelineEntry[],
): Promise<NamedEntry[]> {
  const steps = entries.map(planStepOf)
  const ids = steps.flatMap((step) =>
    step === null ? [] : [step.from.planVersionId, step.to.planVersionId],
  )
  const keyIds = entries.flatMap(({ keyId }) => keyId ?? [])
  const [versions, names] = await Promise.all([
    Promise.all([...new Set(ids)].map((id) => plans.getVersion(id))),
    apiKeys.namesOf([...new Set(keyIds)]),
  ])
  const versionOf = new Map(versions.map((version) => [version.id, version]))
  const unitsOf = ({ planVersionId, quantity }: { planVersionId: string; quantity: number }) => {
    const plan = versionOf.get(planVersionId)
    return plan && { plan, quantity }
  }
  return entries.map((entry, index) => {
    const step = steps[index]
    const [from, to] = [step && unitsOf(step.from), step && unitsOf(step.to)]
    return {
      ...entry,
      planStep: step && from && to ? { from, to, at: step.at } : null,
      keyName: entry.keyId === null ? null : (names.get(entry.keyId) ?? null),
    }
  })
}
