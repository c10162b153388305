import { perPeriodInEnglish } from '../../domain/catalogue/period-words.ts'
import type { FeatureTerms, VersionTerms } from '../../domain/catalogue/terms.ts'
import { FORMAT } from './layout.tsx'
import { usagePriceInWords } from './usage-price-words.ts'

/** The price of a version in words, such as `$20.00 per month`. */
export function priceOf({ priceMinor, currency, period }: VersionTerms): string {
  if (priceMinor === null || currency === null) return 'No price yet'
  const price = priceMinor === 0 ? 'Free' : FORMAT.money(priceMinor, currency)
  return period === null ? price : `${price} ${perPeriodInEnglish(period)}`
}

/** The terms of a feature in words, such as `10,000, renewed each period`. */
export function termsInWords(terms: FeatureTerms, currency: string | null): string {
  const { quotaLimit, reset, overage, rolloverMax, perQuantity, usagePrice } = terms
  return [
    quotaLimit === null ? 'Unlimited' : FORMAT.number(quotaLimit),
    perQuantity ? 'for each unit' : '',
    quotaLimit !== null && reset !== 'never' ? `renewed each ${reset}` : '',
    overage === 'allow' ? 'more is allowed' : '',
    overage === 'bill' && usagePrice === null ? 'more is charged' : '',
    usagePrice === null || currency === null ? '' : usagePriceInWords(usagePrice, currency),
    rolloverMax === null ? '' : `up to ${FORMAT.number(rolloverMax)} roll over`,
  ]
    .filter((each) => each !== '')
    .join(', ')
}

/** A difference between two versions: the term, and its two values in words; null where it is missing. */
export type Difference = {
  readonly term: string
  readonly before: string | null
  readonly after: string | null
}

/** @param before The version on sale; undefined if there is none. */
export function differencesBetween(
  before: VersionTerms | undefined,
  after: VersionTerms,
  nameOf: (code: string) => string,
): Difference[] {
  const codes = new Set([...(before?.features ?? []), ...after.features].map(({ code }) => code))
  return [
    { term: 'Price', before: before ? priceOf(before) : null, after: priceOf(after) },
    { term: 'Trial', before: before ? trialOf(before) : null, after: trialOf(after) },
    ...[...codes].map((code) => ({
      term: nameOf(code),
      before: featureOf(before, code),
      after: featureOf(after, code),
    })),
  ].filter((each) => each.before !== each.after)
}

const alertsOf = ({ alertThresholds }: FeatureTerms): string =>
  alertThresholds.length === 0 ? 'no alerts' : `alerts at ${alertThresholds.join(', ')} %`

const trialOf = ({ trialDays }: VersionTerms): string =>
  trialDays === 0 ? 'None' : `${FORMAT.number(trialDays)} days`

function featureOf(terms: VersionTerms | undefined, code: string): string | null {
  const found = terms?.features.find((each) => each.code === code)
  return found === undefined || terms === undefined
    ? null
    : `${termsInWords(found, terms.currency)}, ${alertsOf(found)}`
}
