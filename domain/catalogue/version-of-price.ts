import type { PriceTerms } from '../stripe/price.ts'
import type { CatalogueAct, CatalogueVersion, VersionName } from './catalogue.ts'
import { publishForPrice } from './change-version.ts'
import type { CatalogueDraft } from './draft.ts'
import { refuse, saved, type Saved } from './refusal.ts'

/**
 * The version for customers whose price at Stripe was not made here: `of` itself if it has that price, or else another
 * published version of the plan that has it, or else a new one with the features of `of`. The new one is published and never
 * on sale. Two customers with the same price share it.
 */
export function versionOfPrice(
  draft: CatalogueDraft,
  of: VersionName,
  price: PriceTerms,
  act: CatalogueAct,
): Saved<CatalogueVersion> {
  const base = draft.findVersion(of)
  if (base === undefined)
    return refuse(
      'plan_version_not_found',
      `There is no version ${of.version} of the plan \`${of.slug}\`.`,
    )
  if (hasPrice(base, price)) return saved(base)
  const held = draft
    .findPlan(of.slug)
    ?.versions.find((each) => each.state === 'published' && isForAll(each) && hasPrice(each, price))
  if (held !== undefined) return saved(held)
  const features = price.currency === base.currency ? base.features : withoutPrices(base)
  return publishForPrice(draft, { slug: of.slug, terms: { ...base, ...price, features } }, act)
}

/** Usage prices are amounts in the version's currency. */
const withoutPrices = ({ features }: CatalogueVersion) =>
  features.map((feature) => ({ ...feature, usagePrice: null }))

const isForAll = ({ customFor }: CatalogueVersion): boolean => customFor === null

const hasPrice = (version: CatalogueVersion, price: PriceTerms): boolean =>
  version.period === price.period &&
  version.priceMinor === price.priceMinor &&
  version.currency === price.currency
