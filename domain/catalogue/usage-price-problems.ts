import { DECIMALS_MAX, isDecimal } from '../decimal.ts'
import type { FieldProblem } from './field-problem.ts'
import type { FeatureType, Overage } from './plan.ts'
import type { UsagePrice, UsageTier } from './usage-price.ts'

/** More tiers than this nobody can read on a pricing page. */
export const TIERS_MAX = 20
/** Stripe allows 20 items in a subscription; ten are left for the dashboard's. @see https://docs.stripe.com/api/subscriptions/create */
export const USAGE_PRICES_MAX = 9
/** The largest package, in units. */
export const PACKAGE_SIZE_MAX = 1_000_000_000
/** The rule of amounts, to complete a sentence about a field. */
export const AMOUNT_RULE = `must be a number without sign, such as 0.05, with at most ${DECIMALS_MAX} decimals`

/** How a version grants the feature that is priced. */
type Granted = { readonly type: FeatureType; readonly overage: Overage }

/** @param feature its code, for the names of the fields */
export function problemsOfUsagePrice(
  feature: string,
  price: UsagePrice,
  granted: Granted,
): FieldProblem[] {
  const at = `usage_prices.${feature}`
  const problem = problemOfFeature(granted)
  return [
    ...(problem === undefined ? [] : [{ field: at, detail: problem }]),
    ...problemsOfPrice(price).map(({ field, detail }) => ({ field: `${at}.${field}`, detail })),
  ]
}

function problemOfFeature({ type, overage }: Granted): string | undefined {
  if (type !== 'metered') return 'only metered features have a usage price'
  if (overage !== 'bill')
    return 'usage beyond the limit is not billed: set `overage` of the feature to `bill`'
  return undefined
}

function problemsOfPrice(price: UsagePrice): FieldProblem[] {
  switch (price.model) {
    case 'per_unit':
    case 'package':
      return problemsOfAmount('unit_amount_decimal', price.unitAmount)
    case 'graduated':
    case 'volume':
      return problemsOfTiers(price.tiers)
  }
}

const problemsOfAmount = (field: string, amount: string): FieldProblem[] =>
  isDecimal(amount) ? [] : [{ field, detail: AMOUNT_RULE }]

function problemsOfTiers(tiers: readonly UsageTier[]): FieldProblem[] {
  const problems: FieldProblem[] = []
  const last = tiers.length - 1
  if (last < 0) problems.push({ field: 'tiers', detail: 'is empty: add a tier with `up_to: null`' })
  for (const [index, { upTo, unitAmount, flatAmountMinor }] of tiers.entries()) {
    const at = `tiers.${index}`
    const wrong = (field: string, detail: string) =>
      problems.push({ field: `${at}.${field}`, detail })
    const before = tiers[index - 1]?.upTo ?? 0
    if (index === last && upTo !== null)
      wrong('up_to', 'must be null in the last tier: otherwise usage beyond it has no price')
    if (index < last && upTo === null) wrong('up_to', 'only the last tier is open')
    if (upTo !== null && upTo <= before)
      wrong('up_to', `must be above ${before}, where the tier before it ends`)
    if (index === 0 && flatAmountMinor > 0)
      wrong(
        'flat_amount_minor',
        'Stripe charges the first tier’s flat amount without usage too: add it to the plan’s price',
      )
    problems.push(
      ...problemsOfAmount('unit_amount_decimal', unitAmount).map(({ field, detail }) => ({
        field: `${at}.${field}`,
        detail,
      })),
    )
  }
  return problems
}
