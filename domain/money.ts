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

/** Formats an amount for a locale (BCP 47), such as `$20.00` or `20,00 US$`. */
export function formatMoney(amount: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: amount.currency.toUpperCase(),
  })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount.amountMinor / 10 ** digits)
}
