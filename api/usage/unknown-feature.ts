import { nearestName } from '../../domain/catalogue/nearest.ts'
import type { CatalogueRepository } from '../../domain/catalogue/repository.ts'

type Refusable = { readonly kind: string; readonly reason?: string }

/**
 * After a refusal: whether no plan could have the feature, because it does not exist. Allowed usage costs no query.
 *
 * @returns the detail of the problem, with the name that was probably meant; undefined if the feature exists.
 */
export async function unknownFeature(
  catalogue: Pick<CatalogueRepository, 'listFeatures'>,
  outcome: Refusable,
  feature: string,
): Promise<string | undefined> {
  if (outcome.kind !== 'refused' || outcome.reason !== 'feature_not_in_plan') return undefined
  const codes = (await catalogue.listFeatures()).map(({ code }) => code)
  if (codes.includes(feature)) return undefined
  const nearest = nearestName(feature, codes)
  const meant = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`
  return `There is no feature \`${feature}\`.${meant} GET /admin/features lists all features.`
}
