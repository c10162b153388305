import { decimalsOf } from './currency.ts'

/** An amount in the currency's minor unit: cents for `usd`, whole yen for `jpy`. @see https://docs.stripe.com/currencies */
export type Money = {
  readonly amountMinor: number
  /** ISO 4217 in lower case, as Stripe spells it. */
  readonly currency: string
}

/** The shape of an ISO 4217 code as Stripe spells it. */
export const CURRENCY = /^[a-z]{3}$/

/**
 * @param amountMinor in minor units; a safe integer, negative for a credit.
 * @throws RangeError when the amount is not a safe integer or the currency is not three lower-case letters.
 */
export function money(amountMinor: number, currency: string): Money {
  if (!Number.isSafeInteger(amountMinor))
    throw new RangeError(`money is a whole number of minor units, not ${amountMinor}`)
  if (!CURRENCY.test(currency)) throw new RangeError(`not an ISO 4217 currency: ${currency}`)
  return { amountMinor, currency }
}

/**
 * Formats an amount for a locale (BCP 47), such as `$20.00` or `20,00 US$`. Stripe decides what the minor unit is. Decimals
 * that people do not write, as of forints, are shown only where they are not zero.
 */
export function formatMoney({ amountMinor, currency }: Money, locale: string): string {
  const style = { style: 'currency', currency: currency.toUpperCase() } as const
  const decimals = decimalsOf(currency)
  const unit = 10 ** decimals
  const usual = new Intl.NumberFormat(locale, style).resolvedOptions().maximumFractionDigits ?? 2
  const shown = amountMinor % unit === 0 ? Math.min(usual, decimals) : decimals
  return new Intl.NumberFormat(locale, {
    ...style,
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(amountMinor / unit)
}
