import type {
  CataloguePlan,
  CatalogueVersion,
  FeatureDefinition,
  PlanDefinition,
  VersionName,
  WantedCatalogue,
} from './catalogue.ts'
import type { KnownFeature } from './draft.ts'
import type { UsagePrice, UsageTier } from './usage-price.ts'
import { DEFAULT_THRESHOLDS, sameTerms, type FeatureTerms, type VersionTerms } from './terms.ts'

/** One change towards the wanted catalogue; `lines` describe it to an operator. */
export type CatalogueStep = { readonly lines: readonly string[] } & (
  | { readonly kind: 'feature'; readonly feature: FeatureDefinition }
  | { readonly kind: 'plan'; readonly plan: PlanDefinition }
  | { readonly kind: 'version'; readonly slug: string; readonly terms: VersionTerms }
  | { readonly kind: 'retirement'; readonly of: VersionName }
  | { readonly kind: 'deletion'; readonly code: string }
)

type Present = {
  readonly features: readonly KnownFeature[]
  readonly plans: readonly CataloguePlan[]
}

/** @returns the changes in the order to apply them: features first, because plans grant them; empty if nothing differs. */
export function stepsTo(wanted: WantedCatalogue, present: Present): CatalogueStep[] {
  const findBefore = (plan: PlanDefinition) => present.plans.find(({ slug }) => slug === plan.slug)
  // A plan that had a price is free in each currency before it begins by itself.
  const isFreeFirst = (plan: PlanDefinition) => plan.autoAttach && findBefore(plan) !== undefined
  return [
    ...wanted.features.flatMap((feature) => stepOfFeature(feature, present.features)),
    ...(wanted.prunes ? unattached(wanted, present) : []),
    ...inOrder(wanted.plans).flatMap(({ plan, terms }) => {
      const before = findBefore(plan)
      const versions = stepsOfVersions(plan.slug, terms, before)
      return isFreeFirst(plan) ? versions : [...stepOfPlan(plan, before), ...versions]
    }),
    ...(wanted.prunes ? [...retirements(wanted, present), ...deletions(wanted, present)] : []),
    ...wanted.plans
      .filter(({ plan }) => isFreeFirst(plan))
      .flatMap(({ plan }) => stepOfPlan(plan, findBefore(plan))),
  ]
}

/** A plan that the file does not name no longer begins by itself where another of its product line does so in its place. */
const unattached = (wanted: WantedCatalogue, { plans }: Present): CatalogueStep[] =>
  plans
    .filter(({ autoAttach }) => autoAttach)
    .filter(({ slug }) => !wanted.plans.some(({ plan }) => plan.slug === slug))
    .filter(({ productLine }) =>
      wanted.plans.some(({ plan }) => plan.autoAttach && plan.productLine === productLine),
    )
    .flatMap((before) => {
      const { slug, name, rank, productLine, kind, fits } = before
      return stepOfPlan({ slug, name, rank, productLine, kind, fits, autoAttach: false }, before)
    })

/**
 * An add-on is published when a plan that it fits is. A plan that no longer begins by itself comes before the one that does so in
 * its place.
 */
const inOrder = (plans: WantedCatalogue['plans']): WantedCatalogue['plans'] =>
  plans.toSorted((a, b) => placeOf(a.plan) - placeOf(b.plan))

const placeOf = ({ kind, autoAttach }: PlanDefinition): number =>
  kind === 'addon' ? 2 : autoAttach ? 1 : 0

/** Retires each version on sale for everybody whose plan, or whose currency of it, the file does not name. */
function retirements(wanted: WantedCatalogue, { plans }: Present): CatalogueStep[] {
  const isNamed = ({ slug, currency }: CatalogueVersion) =>
    wanted.plans.some(
      ({ plan, terms }) => plan.slug === slug && terms.some((each) => each.currency === currency),
    )
  return plans
    .flatMap(({ versions }) => versions)
    .filter((each) => each.active && each.customFor === null && !isNamed(each))
    .map((each) => ({
      kind: 'retirement',
      of: { slug: each.slug, version: each.version },
      lines: [
        `- version ${each.version} of ${each.slug} (${each.currency}) is retired for good`,
        `    ${subscriptionsThatKeep(each)}`,
      ],
    }))
}

/** Deletes each feature that the file does not name, no version grants, and no user was given. */
const deletions = (wanted: WantedCatalogue, { features }: Present): CatalogueStep[] =>
  features
    .filter(({ code, grantedBy, isGivenToUsers }) => {
      const isGranted = wanted.plans.some(({ terms }) =>
        terms.some((each) => each.features.some((feature) => feature.code === code)),
      )
      const isNamed = wanted.features.some((each) => each.code === code)
      return !isNamed && !isGranted && grantedBy.length === 0 && !isGivenToUsers
    })
    .map(({ code }) => ({ kind: 'deletion', code, lines: [`- feature ${code}`] }))

/** @returns the slugs of plans on sale that the wanted catalogue does not name. */
export const unnamedPlans = (
  wanted: WantedCatalogue,
  plans: readonly CataloguePlan[],
): string[] => {
  const named = new Set(wanted.plans.map(({ plan }) => plan.slug))
  return plans
    .filter(({ slug, versions }) => !named.has(slug) && versions.some(({ active }) => active))
    .map(({ slug }) => slug)
}

function stepOfFeature(
  feature: FeatureDefinition,
  present: readonly FeatureDefinition[],
): CatalogueStep[] {
  const before = present.find(({ code }) => code === feature.code)
  const lines = differences(before, feature, ['name', 'type', 'unit', 'meterEventName'])
  if (lines.length === 0) return []
  return [{ kind: 'feature', feature, lines: withTitle('feature', feature.code, before, lines) }]
}

function stepOfPlan(plan: PlanDefinition, before: CataloguePlan | undefined): CatalogueStep[] {
  const lines = differences(before, plan, [
    'name',
    'rank',
    'productLine',
    'kind',
    'fits',
    'autoAttach',
  ])
  if (lines.length === 0) return []
  return [{ kind: 'plan', plan, lines: withTitle('plan', plan.slug, before, lines) }]
}

/** One version for each currency whose terms differ from what is on sale in it. */
function stepsOfVersions(
  slug: string,
  wanted: readonly VersionTerms[],
  before: CataloguePlan | undefined,
): CatalogueStep[] {
  const onSaleIn = (currency: string | null) =>
    before?.versions.find(
      (each) => each.active && each.customFor === null && each.currency === currency,
    )
  const newest = before?.versions[0]?.version ?? 0
  return wanted
    .map((terms) => ({ terms, onSale: onSaleIn(terms.currency) }))
    .filter(({ terms, onSale }) => onSale === undefined || !sameTerms(onSale, terms))
    .map(({ terms, onSale }, index) => ({
      kind: 'version',
      slug,
      terms,
      lines: [
        `+ version ${newest + index + 1} of ${slug}, on sale at once`,
        ...differences(onSale, terms, ['period', 'priceMinor', 'currency', 'trialDays']),
        ...differencesOfFeatures(onSale, terms),
        ...(onSale === undefined ? [] : [`    ${subscriptionsThatKeep(onSale)}`]),
      ],
    }))
}

const subscriptionsThatKeep = ({ subscribers, version }: CatalogueVersion): string =>
  subscribers === 0
    ? `no subscription has version ${version}`
    : `${subscribers} ${subscribers === 1 ? 'subscription keeps' : 'subscriptions keep'} version ${version}`

const withTitle = (noun: string, of: string, before: object | undefined, lines: string[]) => [
  `${before === undefined ? '+' : '~'} ${noun} ${of}`,
  ...lines,
]

function differences<T extends object>(
  before: T | undefined,
  after: T,
  fields: readonly (keyof T & string)[],
): string[] {
  return fields
    .filter(
      (field) =>
        before === undefined || JSON.stringify(before[field]) !== JSON.stringify(after[field]),
    )
    .filter((field) => before !== undefined || (after[field] !== null && after[field] !== false))
    .map((field) => `    ${nameOf(field)}: ${change(before?.[field], after[field])}`)
}

function differencesOfFeatures(before: VersionTerms | undefined, after: VersionTerms): string[] {
  const codes = new Set([...(before?.features ?? []), ...after.features].map(({ code }) => code))
  return [...codes].flatMap((code) => {
    const [was, is] = [before, after].map((terms) =>
      terms?.features.find((each) => each.code === code),
    )
    if (is === undefined) return [`    - ${code}`]
    if (was === undefined) return [`    + ${code}: ${phraseOf(is)}`]
    return phraseOf(was) === phraseOf(is)
      ? []
      : [`    ~ ${code}: ${phraseOf(was)} → ${phraseOf(is)}`]
  })
}

/** A feature's terms in words, without those that are the default. */
const phraseOf = (terms: FeatureTerms): string =>
  [
    terms.quotaLimit === null
      ? 'unlimited'
      : `${terms.quotaLimit}${terms.perQuantity ? ' per unit' : ''}`,
    `reset ${terms.reset}`,
    terms.overage === 'refuse' ? '' : `overage ${terms.overage}`,
    terms.rolloverMax === null ? '' : `rolls over up to ${terms.rolloverMax}`,
    terms.alertThresholds.join() === DEFAULT_THRESHOLDS.join()
      ? ''
      : `alerts at ${terms.alertThresholds.join(', ')} %`,
    terms.settle === null ? '' : `settles ${terms.settle}`,
    terms.usagePrice === null ? '' : phraseOfUsagePrice(terms.usagePrice),
  ]
    .filter(Boolean)
    .join(', ')

/** Such as `charged per_unit 0.05`, in minor units. */
function phraseOfUsagePrice(price: UsagePrice): string {
  switch (price.model) {
    case 'per_unit':
      return `charged ${price.unitAmount} per unit`
    case 'package':
      return `charged ${price.unitAmount} per ${price.packageSize}, rounded ${price.round}`
    case 'graduated':
    case 'volume':
      return `charged by ${price.model} tiers: ${price.tiers.map(phraseOfTier).join(' · ')}`
  }
}

const phraseOfTier = ({ upTo, unitAmount, flatAmountMinor }: UsageTier): string =>
  `${upTo === null ? 'then' : `up to ${upTo}`} ${unitAmount}${flatAmountMinor === 0 ? '' : ` + ${flatAmountMinor}`}`

/** The field's name in the file. */
const nameOf = (field: string): string =>
  field === 'priceMinor'
    ? 'price.amount_minor'
    : field === 'currency'
      ? 'price.currency'
      : field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const change = (before: unknown, after: unknown): string =>
  [before, after]
    .filter((value) => value !== undefined)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(' → ')
