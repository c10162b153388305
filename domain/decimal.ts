/** Decimal digits of an amount at Stripe. @see https://docs.stripe.com/billing/subscriptions/decimal-amounts */
export const DECIMALS_MAX = 12

const ONE = 10n ** BigInt(DECIMALS_MAX)
const DECIMAL = /^\d{1,14}(\.\d{1,12})?$/

/** @returns true for a number without sign and exponent, with at most twelve decimals, such as `0.05`. */
export const isDecimal = (written: string): boolean => DECIMAL.test(written)

/** The shortest spelling of a decimal: `0.50` and `0.5` are one amount. */
export function canonicalDecimal(written: string): string {
  const [whole = '0', fraction = ''] = written.split('.')
  const digits = whole.replace(/^0+(?=\d)/, '')
  const rest = fraction.replace(/0+$/, '')
  return rest === '' ? digits : `${digits}.${rest}`
}

/**
 * Multiplies exactly, and rounds once to a whole number, half up, as Stripe does with each line of an invoice.
 *
 * @param quantity a whole number, 0 or more
 * @throws RangeError when the decimal is not valid
 */
export function timesRounded(quantity: number, decimal: string): number {
  if (!isDecimal(decimal)) throw new RangeError(`not a decimal: ${decimal}`)
  const [whole = '0', fraction = ''] = decimal.split('.')
  const scaled = BigInt(whole + fraction.padEnd(DECIMALS_MAX, '0'))
  return Number((BigInt(quantity) * scaled + ONE / 2n) / ONE)
}
