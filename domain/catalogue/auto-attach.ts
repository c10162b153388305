import type {
  CataloguePlan,
  CatalogueVersion,
  PlanDefinition,
  WantedCatalogue,
} from './catalogue.ts'
import type { FieldProblem } from './field-problem.ts'

const NOT_FREE = 'a plan with `auto_attach` is free: no customer has agreed to its price'
const NO_ADDON = 'an add-on cannot begin by itself: leave it out'

/** Checks a plan that begins by itself: it is free, no add-on, and the only one of its product line. */
export function problemsOfAutoAttach(
  plan: PlanDefinition,
  others: readonly CataloguePlan[],
): FieldProblem[] {
  if (!plan.autoAttach) return []
  if (plan.kind === 'addon') return wrong(NO_ADDON)
  const other = others.find(
    ({ slug, autoAttach, productLine }) =>
      slug !== plan.slug && autoAttach && productLine === plan.productLine,
  )
  if (other !== undefined)
    return wrong(`\`${other.slug}\` has it in this product line: set it to false there first`)
  const own = others.find(({ slug }) => slug === plan.slug)
  return own?.versions.some((each) => each.active && isPaid(each)) ? wrong(NOT_FREE) : []
}

/** Checks the same of a plan in a wanted catalogue, whose prices are those that it will have. */
export function problemsOfWantedAttach(
  { plan, terms }: WantedCatalogue['plans'][number],
  wanted: WantedCatalogue,
): FieldProblem[] {
  if (!plan.autoAttach) return []
  if (plan.kind === 'addon') return wrong(NO_ADDON)
  if (terms.some(({ priceMinor }) => priceMinor !== 0)) return wrong(NOT_FREE)
  const same = wanted.plans.filter(
    (each) => each.plan.autoAttach && each.plan.productLine === plan.productLine,
  )
  return same.length > 1 ? wrong('at most one plan of a product line has it') : []
}

/** Checks that a version can be sold for everybody as one of its plan. */
export const problemsOfAttachedSale = (
  plan: CataloguePlan | undefined,
  version: CatalogueVersion,
): FieldProblem[] =>
  plan?.autoAttach === true && isPaid(version)
    ? [{ field: 'price.amount_minor', detail: NOT_FREE }]
    : []

/** An offer to one customer may have a price: it never begins by itself. */
const isPaid = ({ customFor, priceMinor }: CatalogueVersion): boolean =>
  customFor === null && priceMinor !== 0

const wrong = (detail: string): FieldProblem[] => [{ field: 'auto_attach', detail }]
