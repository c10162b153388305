import type { CataloguePlan, CatalogueVersion, PlanDefinition } from './catalogue.ts'
import type { FieldProblem } from './field-problem.ts'
import type { PlanVersion } from './plan.ts'
import type { VersionTerms } from './terms.ts'

/** The most base plans that an add-on names. */
export const FITS_MAX = 100

/** Checks the terms of an add-on: it is charged with a base plan, at a fixed price. */
export function problemsOfAddon({ priceMinor, trialDays, features }: VersionTerms): FieldProblem[] {
  const problems: FieldProblem[] = []
  const wrong = (field: string, detail: string) => problems.push({ field, detail })
  if (priceMinor === 0)
    wrong('price.amount_minor', 'an add-on has a price: grant what is free in the plan')
  if (trialDays > 0) wrong('trial_days', 'an add-on has no trial: set it to 0')
  for (const { code, overage, rolloverMax } of features) {
    // The metered price of a subscription is that of its base plan.
    if (overage === 'bill')
      wrong(`features.${code}.overage`, 'an add-on charges no overage: let the plan charge it')
    if (rolloverMax !== null)
      wrong(`features.${code}.rollover_max`, 'an add-on rolls nothing over: set it to null')
  }
  return problems
}

/** Whether the definition lets the add-on beside a base plan, whatever their versions. */
export const fits = (
  addon: Pick<PlanDefinition, 'productLine' | 'fits'>,
  base: Pick<PlanDefinition, 'slug' | 'productLine' | 'kind'>,
): boolean =>
  base.kind === 'base' &&
  base.productLine === addon.productLine &&
  (addon.fits === null || addon.fits.includes(base.slug))

/** Checks the base plans that an add-on names. */
export function problemsOfFits(
  plan: PlanDefinition,
  others: readonly CataloguePlan[],
): FieldProblem[] {
  if (plan.fits === null) return []
  if (plan.kind === 'base')
    return [{ field: 'fits', detail: 'only an add-on fits other plans: leave it out' }]
  if (plan.fits.length === 0)
    return [{ field: 'fits', detail: 'is empty: leave it out for every plan of the product line' }]
  return plan.fits.flatMap((slug, index) => {
    const base = others.find((each) => each.slug === slug)
    return base !== undefined && fits(plan, base)
      ? []
      : [
          {
            field: `fits.${index}`,
            detail: `there is no base plan \`${slug}\` in the product line \`${plan.productLine}\``,
          },
        ]
  })
}

/**
 * Checks that an add-on can be sold: Stripe charges all items of a subscription in one currency and at one interval, so a base plan
 * that it fits must have a published version with both.
 *
 * @see https://docs.stripe.com/billing/subscriptions/multiple-products
 */
export function problemsOfSelling(
  addon: PlanDefinition,
  terms: Pick<VersionTerms, 'period' | 'currency'>,
  plans: readonly CataloguePlan[],
): FieldProblem[] {
  const bases = plans.filter((each) => fits(addon, each)).flatMap(({ versions }) => versions)
  const sold = bases.filter((each) => each.state === 'published' && (each.priceMinor ?? 0) > 0)
  if (sold.length === 0)
    return [{ field: 'fits', detail: 'no paid plan that it fits is published: publish one first' }]
  const inPeriod = sold.filter(({ period }) => period === terms.period)
  if (inPeriod.length === 0)
    return [
      {
        field: 'period',
        detail: `no plan that it fits has it: they have ${namesOf(sold, 'period')}`,
      },
    ]
  if (!inPeriod.some(({ currency }) => currency === terms.currency))
    return [
      {
        field: 'price.currency',
        detail: `no plan that it fits has it in this period: they have ${namesOf(inPeriod, 'currency')}`,
      },
    ]
  return []
}

const namesOf = (versions: readonly CatalogueVersion[], field: 'period' | 'currency'): string =>
  [...new Set(versions.map((each) => `\`${each[field]}\``))].join(', ')

/** Why an add-on cannot be beside a version of a base plan; null when it can. */
export function misfitOf(addon: PlanVersion, base: PlanVersion): string | null {
  if (addon.kind !== 'addon') return 'it is no add-on'
  if (!fits(addon, base)) return `it does not fit \`${base.slug}\``
  if (base.price.amountMinor === 0) return `\`${base.slug}\` is free, and has no invoice`
  if (addon.period !== base.period)
    return `it is charged by another period than \`${base.slug}\`, which Stripe cannot put on one invoice`
  if (addon.price.currency !== base.price.currency)
    return `it is not sold in \`${base.price.currency}\``
  return null
}
