import type { CatalogueState } from './draft.ts'
import type { FieldProblem } from './field-problem.ts'
import type { VersionTerms } from './terms.ts'

/**
 * Stripe's meters count for a customer, not for a subscription: two prices of one meter would charge the same usage twice. So a
 * priced meter has one feature in one product line.
 *
 * @param slug the plan that the terms are for
 */
export function problemsOfSharedMeters(
  state: CatalogueState,
  slug: string,
  terms: VersionTerms,
): FieldProblem[] {
  const line = state.plans.find((plan) => plan.slug === slug)?.productLine
  const own = billedIn(state, terms, { plan: slug, line })
  const published = publishedIn(state)
  return own.flatMap((feature) => {
    const other = [...own, ...published].find(
      (each) =>
        each.meter === feature.meter &&
        (each.code !== feature.code || each.line !== feature.line) &&
        (each.isPriced || feature.isPriced),
    )
    if (other === undefined) return []
    const place = `\`${other.code}\` of \`${other.plan}\` (product line \`${other.line}\`)`
    return [
      {
        field: `usage_prices.${feature.code}`,
        detail: `its meter \`${feature.meter}\` also counts ${place}, so Stripe would charge usage twice: define a feature of its own`,
      },
    ]
  })
}

type Place = { readonly plan: string; readonly line: string | undefined }

/** The features of a version whose overage is reported to Stripe. */
const billedIn = (state: CatalogueState, { features }: VersionTerms, place: Place) =>
  features
    .filter(({ overage }) => overage === 'bill')
    .map(({ code, usagePrice }) => ({
      ...place,
      code,
      meter: meterOf(state, code),
      isPriced: usagePrice !== null,
    }))

const meterOf = ({ features }: CatalogueState, code: string): string =>
  features.find((each) => each.code === code)?.meterEventName ?? code

/** The features that published versions charge for overage: as stored, and as published by this change. */
const publishedIn = (state: CatalogueState) => [
  ...state.features.flatMap(({ code, billedIn: places }) =>
    places.map((place) => ({ ...place, code, meter: meterOf(state, code) })),
  ),
  ...state.plans.flatMap((plan) =>
    plan.versions
      .filter(({ state: is }) => is !== 'draft')
      .flatMap((version) => billedIn(state, version, { plan: plan.slug, line: plan.productLine })),
  ),
]

/** Whether a published version prices the usage of a feature. */
export const isPriced = (state: CatalogueState, code: string): boolean =>
  publishedIn(state).some((each) => each.code === code && each.isPriced)
