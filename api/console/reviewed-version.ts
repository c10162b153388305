import { createHash } from 'node:crypto'
import type { CataloguePlan, CatalogueVersion } from '../../domain/catalogue/catalogue.ts'

/** The version that a draft would replace: the one on sale for everybody in the same currency. */
export const replacedBy = (
  { versions }: CataloguePlan,
  { currency }: Pick<CatalogueVersion, 'currency'>,
): CatalogueVersion | undefined =>
  versions.find((each) => each.active && each.customFor === null && each.currency === currency)

/** Names the draft and the version on sale as they were reviewed: another draft or another version has another name. */
export function reviewedOf(plan: CataloguePlan, draft: CatalogueVersion): string {
  const { period, priceMinor, currency, trialDays, features } = draft
  const terms = { period, priceMinor, currency, trialDays, features }
  const onSale = replacedBy(plan, draft)?.id ?? null
  const { kind, fits } = plan
  return createHash('sha256')
    .update(JSON.stringify({ onSale, terms, kind, fits }))
    .digest('base64url')
}
