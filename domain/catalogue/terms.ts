import type { FieldProblem } from './field-problem.ts'
import type { SettlePolicy } from '../usage/reservation.ts'
import type { Period } from './period.ts'
import type { FeatureType, Overage, Reset } from './plan.ts'
import { problemsOfUsagePrice, USAGE_PRICES_MAX } from './usage-price-problems.ts'
import { canonicalUsagePrice, type UsagePrice } from './usage-price.ts'

/** The terms of one feature in a version. */
export type FeatureTerms = {
  readonly code: string
  /** Null is unlimited. */
  readonly quotaLimit: number | null
  readonly reset: Reset
  readonly overage: Overage
  /** At most this much unused quota rolls over into the next window; null is none. */
  readonly rolloverMax: number | null
  /** In per cent of the limit, ascending. */
  readonly alertThresholds: readonly number[]
  /** How a reservation is settled above what is left; null is the deployment's policy. */
  readonly settle: SettlePolicy | null
  /** The limit and `rolloverMax` are those of one unit: four seats bought are four seats. */
  readonly perQuantity: boolean
  /** Of usage beyond the limit, in the version's currency; null leaves it to a metered price that an operator made at Stripe. */
  readonly usagePrice: UsagePrice | null
}

/** The terms of a version. Period and price may be missing in a draft, never in a published version. */
export type VersionTerms = {
  readonly period: Period | null
  /** In the currency's minor unit, 0 to `PRICE_MINOR_MAX`. */
  readonly priceMinor: number | null
  /** ISO 4217 in lower case. */
  readonly currency: string | null
  readonly trialDays: number
  readonly features: readonly FeatureTerms[]
}

/** The form of the names of plans and features. */
export const SLUG = /^[a-z][a-z0-9_]{0,63}$/
/** The rule of `SLUG`, to complete a sentence about a field. */
export const SLUG_RULE = 'must have at most 64 of a–z, 0–9 and _, and begin with a letter'
/** A higher limit is probably a mistake of units. */
export const QUOTA_MAX = 1_000_000_000_000
/** Stripe's limit for most currencies: eight digits. @see https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export const PRICE_MINOR_MAX = 99_999_999
/** Stripe's limit of `trial_period_days`. @see https://docs.stripe.com/billing/subscriptions/trials */
export const TRIAL_DAYS_MAX = 730
/** The forms of a period, to complete a sentence about a field. */
export const PERIOD_RULE =
  'monthly, yearly, or such as {every: 3, unit: month}: at most 1095 days, 156 weeks, 36 months or 3 years'
/** The most alert thresholds of a feature. */
export const THRESHOLDS_MAX = 10
/** The highest threshold, in per cent of the limit: ten times it, for overage. */
export const THRESHOLD_PER_CENT_MAX = 1_000
/** The thresholds of a feature that names none, in per cent of its limit. */
export const DEFAULT_THRESHOLDS: readonly number[] = [80, 100]
/** The most features of a plan version. */
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
    else {
      problems.push(...problemsOfFeature(feature, type).map((each) => within(at, each)))
      problems.push(...problemsOfPricedFeature(terms, feature, type))
    }
  }
  if (terms.currency !== null && !isCurrency(terms.currency))
    problems.push({
      field: 'currency',
      detail: 'not an ISO 4217 currency in lower case, such as `usd`',
    })
  if (terms.priceMinor === 0)
    for (const { code, perQuantity } of terms.features)
      if (perQuantity)
        problems.push({
          field: `features.${code}.per_quantity`,
          detail: 'a free plan has no quantity: leave it out',
        })
  if (terms.priceMinor === 0 && terms.trialDays > 0)
    problems.push({ field: 'trial_days', detail: 'a free plan has no trial: set it to 0' })
  if (terms.features.filter(({ usagePrice }) => usagePrice !== null).length > USAGE_PRICES_MAX)
    problems.push({
      field: 'usage_prices',
      detail: `must have at most ${USAGE_PRICES_MAX} entries`,
    })
  return problems
}

/** Checks what a version needs before it can be published. */
export function problemsOfPublishing(terms: VersionTerms): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (terms.period === null)
    problems.push({ field: 'period', detail: `is missing: ${PERIOD_RULE}` })
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
      index > 0 && isOfPrice(problem)
        ? { ...problem, field: `other_prices.${index - 1}.${problem.field}` }
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

/** Whether a problem is one of a price alone: all else is the same in every currency. */
const isOfPrice = ({ field }: FieldProblem): boolean =>
  field === 'currency' || field.startsWith('usage_prices')

function problemsOfPricedFeature(
  { priceMinor }: VersionTerms,
  { code, overage, usagePrice }: FeatureTerms,
  type: FeatureType,
): FieldProblem[] {
  if (usagePrice === null) return []
  const problems = problemsOfUsagePrice(code, usagePrice, { type, overage })
  if (priceMinor === 0)
    problems.push({
      field: `usage_prices.${code}`,
      detail: 'a free plan has no invoice: give the plan a price, or leave this out',
    })
  return problems
}

function problemsOfFeature(terms: FeatureTerms, type: FeatureType): FieldProblem[] {
  const problems: FieldProblem[] = []
  const wrong = (field: string, detail: string) => problems.push({ field, detail })
  const { quotaLimit, reset, overage, rolloverMax, alertThresholds, settle, perQuantity } = terms
  if (type === 'boolean' && quotaLimit !== null)
    wrong('quota_limit', 'a boolean feature has no limit: set it to null')
  if (type !== 'metered' && reset !== 'never')
    wrong('reset', `only metered features reset: set it to \`never\` for a ${type} one`)
  if (quotaLimit === null && overage !== 'refuse')
    wrong('overage', 'an unlimited quota has no overage: set it to `refuse`')
  if (rolloverMax !== null && (quotaLimit === null || reset === 'never'))
    wrong('rollover_max', 'only a limit that resets can roll over: set it to null')
  if (perQuantity && quotaLimit === null)
    wrong('per_quantity', 'only a limit can count per unit: set `quota_limit`, or leave it out')
  if (settle === 'overflow' && type !== 'metered')
    wrong('settle', `only metered features overflow: leave it out for a ${type} one`)
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

/** @returns true for an ISO 4217 currency in lower case. */
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
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map((each) => [
      each.code,
      each.quotaLimit,
      each.reset,
      each.overage,
      each.rolloverMax,
      each.alertThresholds,
      each.settle,
      each.perQuantity,
      each.usagePrice && canonicalUsagePrice(each.usagePrice),
    ]),
]

/** The default terms of a feature. */
export const defaultTerms = (code: string, type: FeatureType): FeatureTerms => ({
  code,
  quotaLimit: null,
  reset: type === 'metered' ? 'period' : 'never',
  overage: 'refuse',
  rolloverMax: null,
  alertThresholds: DEFAULT_THRESHOLDS,
  settle: null,
  perQuantity: false,
  usagePrice: null,
})
