import { decimalsOf } from '../../domain/currency.ts'
import { canonicalDecimal, isDecimal } from '../../domain/decimal.ts'

/** Twelve digits before the point are more than Stripe charges in any currency. */
const AMOUNT = /^(\d{1,12})(?:\.(\d{1,3}))?$/

/**
 * The amount that a person wrote, such as `12.5`, in minor units.
 *
 * @param currency ISO 4217 in lower case
 * @returns undefined for anything else, and for more decimals than the currency has
 */
export function amountFrom(written: string | undefined, currency: string): number | undefined {
  const [, whole, fraction = ''] = AMOUNT.exec(written ?? '') ?? []
  const decimals = decimalsOf(currency)
  if (whole === undefined || fraction.length > decimals) return undefined
  return Number(`${whole}${fraction.padEnd(decimals, '0')}`)
}

/** An amount in minor units as a person writes it into a field, such as `12.50`. */
export function amountText(amountMinor: number, currency: string): string {
  const decimals = decimalsOf(currency)
  return (amountMinor / 10 ** decimals).toFixed(decimals)
}

const DECIMAL = /^(\d{1,12})(?:\.(\d{1,15}))?$/

/**
 * The amount of one unit of usage that a person wrote, such as `0.0005`, in minor units.
 *
 * @param currency ISO 4217 in lower case
 * @returns a decimal with at most twelve decimals; undefined for anything else
 */
export function decimalFrom(written: string | undefined, currency: string): string | undefined {
  const [, whole, fraction = ''] = DECIMAL.exec(written ?? '') ?? []
  if (whole === undefined) return undefined
  const decimals = decimalsOf(currency)
  const digits = fraction.padEnd(decimals, '0')
  const minor = canonicalDecimal(`${whole}${digits.slice(0, decimals)}.${digits.slice(decimals)}`)
  return isDecimal(minor) ? minor : undefined
}

/** An amount in minor units, with decimals, as a person writes it into a field: `0.05` is `0.0005`. */
export function decimalText(minor: string, currency: string): string {
  const decimals = decimalsOf(currency)
  const [whole = '0', fraction = ''] = minor.split('.')
  const digits = whole.padStart(decimals + 1, '0')
  const at = digits.length - decimals
  return canonicalDecimal(`${digits.slice(0, at)}.${digits.slice(at)}${fraction}`)
}
