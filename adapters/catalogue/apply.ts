import type { CatalogueAct, CatalogueRepository } from '../../domain/catalogue/repository.ts'
import type { Refused } from '../../domain/catalogue/catalogue.ts'
import { stepsTo, type CatalogueStep } from './diff.ts'
import type { CatalogueFile } from './file.ts'

/** The catalogue cannot become as the file says; nothing of it was done. */
export class CatalogueRefusedError extends Error {
  override readonly name = 'CatalogueRefusedError'
}

/** What would be done. Changes nothing. */
export async function planCatalogue(
  catalogue: CatalogueRepository,
  file: CatalogueFile,
): Promise<CatalogueStep[]> {
  const [features, plans] = [await catalogue.listFeatures(), await catalogue.listPlans()]
  return stepsTo(file, { features, plans })
}

/**
 * Makes the catalogue as the file says, all of it or nothing, and answers what it did. Running it twice does nothing the
 * second time; two at once wait for each other.
 *
 * @param report is told before each step how many are done.
 * @throws CatalogueRefusedError when a step is refused.
 */
export function applyCatalogue(
  repository: CatalogueRepository,
  file: CatalogueFile,
  act: CatalogueAct,
  report: (done: number, of: number) => void = () => undefined,
): Promise<CatalogueStep[]> {
  return repository.inOneGo(async (catalogue) => {
    const steps = await planCatalogue(catalogue, file)
    for (const [index, step] of steps.entries()) {
      report(index, steps.length)
      await take(catalogue, step, act)
    }
    return steps
  })
}

async function take(
  catalogue: CatalogueRepository,
  step: CatalogueStep,
  act: CatalogueAct,
): Promise<void> {
  switch (step.kind) {
    case 'feature':
      done(await catalogue.putFeature(step.feature, act))
      return
    case 'plan':
      done(await catalogue.putPlan(step.plan, act))
      return
    case 'version': {
      const draft = done(await catalogue.createDraft(step.slug, step.terms, act))
      done(await catalogue.publish(draft, true, act))
    }
  }
}

function done<T>(outcome: Refused | { readonly kind: 'saved'; readonly saved: T }): T {
  if (outcome.kind === 'saved') return outcome.saved
  const fields = (outcome.errors ?? []).map(({ field, detail }) => `\n  ${field}: ${detail}`)
  throw new CatalogueRefusedError(`${outcome.detail}${fields.join('')}`)
}
