import type { CatalogueAct, WantedCatalogue } from '../../domain/catalogue/catalogue.ts'
import { stepsTo, type CatalogueStep } from '../../domain/catalogue/difference.ts'
import type { Saved } from '../../domain/catalogue/refusal.ts'
import type { CatalogueRepository } from '../../domain/catalogue/repository.ts'

/** A change was refused, and none was applied. */
export class CatalogueRefusedError extends Error {
  override readonly name = 'CatalogueRefusedError'
}

/** Compares only. @returns the changes that `applyCatalogue` would make. */
export async function planCatalogue(
  catalogue: CatalogueRepository,
  wanted: WantedCatalogue,
): Promise<CatalogueStep[]> {
  const [features, plans] = [await catalogue.listKnownFeatures(), await catalogue.listPlans()]
  return stepsTo(wanted, { features, plans })
}

/**
 * Applies the wanted catalogue completely or not at all. Applying it twice, one after the other or at the same time,
 * changes it once.
 *
 * @param report is called before each step with the number of steps done.
 * @returns the changes made.
 * @throws CatalogueRefusedError when a change is refused.
 */
export function applyCatalogue(
  repository: CatalogueRepository,
  wanted: WantedCatalogue,
  act: CatalogueAct,
  report: (done: number, of: number) => void = () => undefined,
): Promise<CatalogueStep[]> {
  return repository.inTransaction(async (catalogue) => {
    const steps = await planCatalogue(catalogue, wanted)
    for (const [index, step] of steps.entries()) {
      report(index, steps.length)
      await applyStep(catalogue, step, act)
    }
    return steps
  })
}

async function applyStep(
  catalogue: CatalogueRepository,
  step: CatalogueStep,
  act: CatalogueAct,
): Promise<void> {
  switch (step.kind) {
    case 'feature':
      savedOf(await catalogue.putFeature(step.feature, act))
      return
    case 'plan':
      savedOf(await catalogue.putPlan(step.plan, act))
      return
    case 'version': {
      const draft = savedOf(await catalogue.createDraft(step.slug, step.terms, act))
      savedOf(await catalogue.publish(draft, true, act))
      return
    }
    case 'retirement':
      savedOf(await catalogue.retire(step.of, act))
      return
    case 'deletion': {
      const refused = await catalogue.deleteFeature(step.code, act)
      if (refused !== undefined) savedOf(refused)
    }
  }
}

/** @throws CatalogueRefusedError when the change was refused. */
function savedOf<T>(outcome: Saved<T>): T {
  if (outcome.kind === 'saved') return outcome.saved
  const fields = (outcome.errors ?? []).map(({ field, detail }) => `\n  ${field}: ${detail}`)
  throw new CatalogueRefusedError(`${outcome.detail}${fields.join('')}`)
}
