import { decimalsOf } from '../../domain/currency.ts'

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
