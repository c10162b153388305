import { PERIODS, type FeatureType, type Overage, type Period, type Reset } from './plan.ts'

/** A feature as operators define it; plans say how much of it they grant. */
export type FeatureDefinition = {
  readonly code: string
  readonly name: string
  readonly type: FeatureType
  readonly unit: string | null
  /** The event name of Stripe's meter; if null, the code. */
  readonly meterEventName: string | null
}

/** What one version grants of one feature. */
export type FeatureTerms = {
  readonly code: string
  /** Null is unlimited. */
  readonly quotaLimit: number | null
  readonly reset: Reset
  readonly overage: Overage
  readonly rolloverMax: number | null
  /** In per cent of the limit, ascending. */
  readonly alertThresholds: readonly number[]
}

/** The terms of a version. Period and price may be missing in a draft, never in a published version. */
export type VersionTerms = {
  readonly period: Period | null
  readonly priceMinor: number | null
  readonly currency: string | null
  readonly trialDays: number
  readonly features: readonly FeatureTerms[]
}

export const VERSION_STATES = ['draft', 'published', 'retired'] as const
/** A draft can change, a published version never does. Subscriptions keep a retired version; new ones cannot get it. */
export type VersionState = (typeof VERSION_STATES)[number]

export type PlanDefinition = {
  readonly slug: string
  readonly name: string
  /** A user has at most one live subscription per product line. */
  readonly productLine: string
  /** A change to a plan of higher rank is an upgrade. */
  readonly rank: number
}

export type CatalogueVersion = VersionTerms & {
  readonly id: string
  readonly slug: string
  readonly version: number
  readonly state: VersionState
  /** On sale: new subscriptions get this version. */
  readonly active: boolean
  /** The only user it is offered to; null for all users. */
  readonly customFor: string | null
  readonly customUntil: Date | null
  readonly stripePriceId: string | null
  readonly publishedAt: Date | null
  readonly retiredAt: Date | null
  readonly createdAt: Date
  /** Live subscriptions that have this version. */
  readonly subscribers: number
}

export type CataloguePlan = PlanDefinition & {
  readonly id: string
  readonly versions: readonly CatalogueVersion[]
}

/** Names one version of a plan. */
export type VersionName = { readonly slug: string; readonly version: number }

/** A version offered to one user. `until` null: the offer does not expire. */
export type CustomOffer = {
  readonly userId: string
  readonly until: Date | null
  readonly reason: string
}

/** When the catalogue is changed, and by whom: the id of an API key or the name of a command. */
export type CatalogueAct = { readonly at: Date; readonly by: string }

/** The catalogue that a file asks for. Plans and features that it does not name stay as they are. */
export type WantedCatalogue = {
  readonly features: readonly FeatureDefinition[]
  readonly plans: readonly {
    readonly plan: PlanDefinition
    /** One for each currency, the plan's first currency first. */
    readonly terms: readonly VersionTerms[]
  }[]
}

/** What is wrong with a field, and how to fix it. */
export type FieldProblem = { readonly field: string; readonly detail: string }

export const SLUG = /^[a-z][a-z0-9_]{0,63}$/
/** A higher limit is probably a mistake of units. */
export const QUOTA_MAX = 1_000_000_000_000
/** Stripe's limit for most currencies: eight digits. @see https://docs.stripe.com/currencies */
export const PRICE_MINOR_MAX = 99_999_999
export const TRIAL_DAYS_MAX = 730
export const THRESHOLDS_MAX = 10
export const THRESHOLD_PER_CENT_MAX = 1_000
export const USUAL_THRESHOLDS: readonly number[] = [80, 100]
export const FEATURES_MAX = 200

/**
 * Checks terms that are to be stored, also as a draft.
 *
 * @param typeOf returns the type of a feature, undefined if the feature does not exist.
 */
export function problemsOfTerms(
  terms: VersionTerms,
  typeOf: (code: string) => FeatureType | undefined,
): FieldProblem[] {
  const problems: FieldProblem[] = []
  const seen = new Set<string>()
  for (const feature of terms.features) {
    const at = `features.${feature.code}`
    if (seen.has(feature.code)) problems.push({ field: at, detail: 'is listed twice' })
    seen.add(feature.code)
    const type = typeOf(feature.code)
    if (type === undefined) problems.push({ field: at, detail: 'no such feature: define it first' })
    else problems.push(...problemsOfFeature(feature, type).map((each) => within(at, each)))
  }
  if (terms.currency !== null && !isCurrency(terms.currency))
    problems.push({
      field: 'currency',
      detail: 'not an ISO 4217 currency in lower case, such as `usd`',
    })
  if (terms.priceMinor === 0 && terms.trialDays > 0)
    problems.push({ field: 'trial_days', detail: 'a free plan has no trial: set it to 0' })
  return problems
}

/** Checks what a version needs before it can be published. */
export function problemsOfPublishing(terms: VersionTerms): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (terms.period === null)
    problems.push({ field: 'period', detail: `is missing: ${PERIODS.join(' or ')}` })
  if (terms.priceMinor === null)
    problems.push({ field: 'price.amount_minor', detail: 'is missing: 0 for a free plan' })
  if (terms.currency === null)
    problems.push({ field: 'price.currency', detail: 'is missing, such as `usd`' })
  if (terms.features.length === 0)
    problems.push({ field: 'features', detail: 'the plan grants nothing: add a feature' })
  return problems
}

/**
 * Checks the terms of a plan that is sold in several currencies.
 *
 * @param terms one for each currency; all but the first are called `other_prices.<index>` in the fields of problems.
 * @returns each problem once: what is wrong with a feature is wrong in every currency.
 */
export function problemsOfPrices(
  terms: readonly VersionTerms[],
  typeOf: (code: string) => FeatureType | undefined,
): FieldProblem[] {
  const problems = terms.flatMap((each, index) => [
    ...problemsOfTerms(each, typeOf).map((problem) =>
      index > 0 && problem.field === 'currency'
        ? { ...problem, field: `other_prices.${index - 1}.currency` }
        : problem,
    ),
    ...problemsOfPublishing(each),
  ])
  const repeated = terms.flatMap(({ currency }, index) =>
    terms.findIndex((each) => each.currency === currency) === index
      ? []
      : [
          {
            field: `other_prices.${index - 1}.currency`,
            detail: 'the plan already has a price in this currency',
          },
        ],
  )
  return [...problems, ...repeated].filter(
    ({ field }, index, all) => all.findIndex((each) => each.field === field) === index,
  )
}

function problemsOfFeature(terms: FeatureTerms, type: FeatureType): FieldProblem[] {
  const problems: FieldProblem[] = []
  const wrong = (field: string, detail: string) => problems.push({ field, detail })
  const { quotaLimit, reset, overage, rolloverMax, alertThresholds } = terms
  if (type === 'boolean' && quotaLimit !== null)
    wrong('quota_limit', 'a boolean feature has no limit: set it to null')
  if (type !== 'metered' && reset !== 'never')
    wrong('reset', `only metered features reset: set it to \`never\` for a ${type} one`)
  if (quotaLimit === null && overage !== 'refuse')
    wrong('overage', 'an unlimited quota has no overage: set it to `refuse`')
  if (rolloverMax !== null && (quotaLimit === null || reset === 'never'))
    wrong('rollover_max', 'only a limit that resets can roll over: set it to null')
  if (alertThresholds.some((each, index) => index > 0 && each <= (alertThresholds[index - 1] ?? 0)))
    wrong('alert_thresholds', 'must be in ascending order, without repeats')
  return problems
}

const within = (at: string, { field, detail }: FieldProblem): FieldProblem => ({
  field: `${at}.${field}`,
  detail,
})

const CURRENCIES: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()),
)

export const isCurrency = (code: string): boolean => CURRENCIES.has(code)

/** @returns true if two versions have the same terms, in whatever order of features. */
export const sameTerms = (a: VersionTerms, b: VersionTerms): boolean =>
  JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b))

const inOrder = ({ period, priceMinor, currency, trialDays, features }: VersionTerms) => [
  period,
  priceMinor,
  currency,
  trialDays,
  features
    .map((each) => [
      each.code,
      each.quotaLimit,
      each.reset,
      each.overage,
      each.rolloverMax,
      each.alertThresholds,
    ])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
]

/** The default terms of a feature. */
export const usualTerms = (code: string, type: FeatureType): FeatureTerms => ({
  code,
  quotaLimit: null,
  reset: type === 'metered' ? 'period' : 'never',
  overage: 'refuse',
  rolloverMax: null,
  alertThresholds: USUAL_THRESHOLDS,
})

/** Why a change of the catalogue was refused. */
export type CatalogueRefusal =
  | 'plan_not_found'
  | 'plan_in_use'
  | 'plan_version_not_found'
  | 'plan_version_invalid'
  | 'plan_version_incomplete'
  | 'plan_version_published'
  | 'plan_version_in_use'
  | 'plan_version_not_published'
  | 'plan_version_retired'
  | 'feature_not_found'
  | 'feature_in_use'

export type Refused = {
  readonly kind: 'refused'
  readonly because: CatalogueRefusal
  readonly detail: string
  readonly errors?: readonly FieldProblem[]
}
