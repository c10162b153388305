import { createHash } from 'node:crypto'
import type { CataloguePlan, WantedCatalogue } from '../../domain/catalogue/catalogue.ts'
import type { KnownFeature } from '../../domain/catalogue/draft.ts'

type Present = {
  readonly features: readonly KnownFeature[]
  readonly plans: readonly CataloguePlan[]
}

/**
 * A text that changes with the wanted catalogue, and with everything in the present one that a comparison reads, except the
 * numbers of subscriptions: these change with every purchase.
 */
export function fingerprintOf(wanted: WantedCatalogue, { features, plans }: Present): string {
  const present = {
    features,
    plans: plans.map(({ versions, ...plan }) => ({
      ...plan,
      versions: versions.map(({ id, version, state, active }) => ({ id, version, state, active })),
    })),
  }
  return createHash('sha256').update(JSON.stringify({ present, wanted })).digest('base64url')
}
