import type { Period } from '../catalogue/period.ts'
import { perPeriodInEnglish } from '../catalogue/period-words.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { formatMoney } from '../money.ts'

/** A price created at Stripe and mapped to a plan version. */
export type MappedPrice = {
  readonly priceId: string
  readonly planVersionId: string
  readonly createdAt: Date
}

/** The prices at Stripe and the plan version that each belongs to. */
export type StripePriceRepository = {
  /** Maps a price to a version, in place of its previous one. */
  readonly map: (price: MappedPrice) => Promise<void>
  readonly list: (limit: number) => Promise<MappedPrice[]>
}

/** The charge of a price at Stripe for one unit, in the words of a plan version. */
export type PriceTerms = {
  readonly period: Period
  /** At least 1, in the currency's minor unit. */
  readonly priceMinor: number
  /** ISO 4217 in lower case. */
  readonly currency: string
}

/** A price as it was read; `because` names the reason for operators if no version can express it. */
export type PriceReading =
  | { readonly kind: 'terms'; readonly terms: PriceTerms }
  | { readonly kind: 'not_usable'; readonly because: string }

/** Whether customers with this price pay what the version shows. */
export const isPriceOf = (
  { period, price }: Pick<PlanVersion, 'period' | 'price'>,
  reading: PriceReading,
): boolean =>
  reading.kind === 'terms' &&
  reading.terms.period === period &&
  reading.terms.priceMinor === price.amountMinor &&
  reading.terms.currency === price.currency

/** Such as `$15.00 per month`, for operators. */
export const phraseOfTerms = ({ period, priceMinor, currency }: PriceTerms): string =>
  `${formatMoney({ amountMinor: priceMinor, currency }, 'en')} ${perPeriodInEnglish(period)}`
