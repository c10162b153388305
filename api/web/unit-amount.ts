import { decimalsOf } from '../../domain/currency.ts'

/** An amount of a unit with all its decimals, such as `$0.0005`. @param decimal in the currency's minor unit. */
export function unitAmountText(decimal: string, currency: string, locale: string): string {
  const decimals = decimalsOf(currency)
  const below = decimal.split('.')[1]?.length ?? 0
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals + below,
  }).format(Number(decimal) / 10 ** decimals)
}
