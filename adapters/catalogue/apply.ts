import type { CatalogueAct, Refused, WantedCatalogue } from '../../domain/catalogue/catalogue.ts'
import { stepsTo, unnamedPlans, type CatalogueStep } from '../../domain/catalogue/difference.ts'
import type { Saved } from '../../domain/catalogue/refusal.ts'
import type { CatalogueRepository } from '../../domain/catalogue/repository.ts'
import { fingerprintOf } from './fingerprint.ts'

/** A change was refused, and none was applied. */
export class CatalogueRefusedError extends Error {
  override readonly name = 'CatalogueRefusedError'
  readonly refused: Refused

  constructor(refused: Refused) {
    const fields = (refused.errors ?? []).map(({ field, detail }) => `\n  ${field}: ${detail}`)
    super(`${refused.detail}${fields.join('')}`)
    this.refused = refused
  }
}

/** The catalogue or the file differs from the plan that was shown, and nothing was applied. */
export class CatalogueMovedError extends Error {
  override readonly name = 'CatalogueMovedError'
  override readonly message =
    'The catalogue or the file has changed since this plan was shown. Nothing was done: show the plan again.'
}

/** The difference between a wanted catalogue and the present one. */
export type CatalogueComparison = {
  readonly steps: CatalogueStep[]
  /** The slugs of plans on sale that the catalogue does not name and does not retire. */
  readonly leftAlone: string[]
  /** Of the present and the wanted catalogue: with it, `applyCatalogue` applies exactly these steps, or nothing. */
  readonly fingerprint: string
}

/** Compares only. @returns the changes that `applyCatalogue` would make. */
export const planCatalogue = async (
  catalogue: CatalogueRepository,
  wanted: WantedCatalogue,
): Promise<CatalogueStep[]> => (await compareCatalogue(catalogue, wanted)).steps

/** Compares only. @returns the changes, what is left alone, and the fingerprint of both sides. */
export async function compareCatalogue(
  catalogue: CatalogueRepository,
  wanted: WantedCatalogue,
): Promise<CatalogueComparison> {
  const [features, plans] = [await catalogue.listKnownFeatures(), await catalogue.listPlans()]
  return {
    steps: stepsTo(wanted, { features, plans }),
    leftAlone: wanted.prunes === true ? [] : unnamedPlans(wanted, plans),
    fingerprint: fingerprintOf(wanted, { features, plans }),
  }
}

type ApplyOptions = {
  /** Is called before each step with the number of steps done. */
  readonly report?: (done: number, of: number) => void
  /** Of the plan that was shown; without it the catalogue is applied to whatever is there. */
  readonly fingerprint?: string | undefined
}

/**
 * Applies the wanted catalogue completely or not at all. Applying it twice, one after the other or at the same time,
 * changes it once.
 *
 * @returns the changes made; empty if there is nothing to change, whatever the fingerprint.
 * @throws CatalogueRefusedError when a change is refused.
 * @throws CatalogueMovedError when the fingerprint is that of another plan.
 */
export function applyCatalogue(
  repository: CatalogueRepository,
  wanted: WantedCatalogue,
  act: CatalogueAct,
  { report = () => undefined, fingerprint }: ApplyOptions = {},
): Promise<CatalogueStep[]> {
  return repository.inTransaction(async (catalogue) => {
    const { steps, ...present } = await compareCatalogue(catalogue, wanted)
    if (steps.length > 0 && fingerprint !== undefined && fingerprint !== present.fingerprint)
      throw new CatalogueMovedError()
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
  throw new CatalogueRefusedError(outcome)
}
