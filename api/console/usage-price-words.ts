import type { UsagePrice, UsageTier } from '../../domain/catalogue/usage-price.ts'
import { decimalsOf } from '../../domain/currency.ts'
import { FORMAT } from './layout.tsx'

/** A usage price in words, such as `more costs $0.0005 each`. */
export function usagePriceInWords(price: UsagePrice, currency: string): string {
  switch (price.model) {
    case 'per_unit':
      return `more costs ${unitAmount(price.unitAmount, currency)} each`
    case 'package': {
      const begun = price.round === 'up' ? 'begun' : 'complete'
      return `more costs ${unitAmount(price.unitAmount, currency)} for each ${begun} ${FORMAT.number(price.packageSize)}`
    }
    case 'graduated':
    case 'volume': {
      const how = price.model === 'volume' ? ' (all at the tier reached)' : ''
      return `more costs ${price.tiers.map((tier) => tierInWords(tier, currency)).join('; ')}${how}`
    }
  }
}

function tierInWords({ upTo, unitAmount: each, flatAmountMinor }: UsageTier, currency: string) {
  const range = upTo === null ? 'beyond that' : `up to ${FORMAT.number(upTo)}`
  const flat = flatAmountMinor === 0 ? '' : ` and ${FORMAT.money(flatAmountMinor, currency)} once`
  return `${range} ${unitAmount(each, currency)} each${flat}`
}

/** An amount of a unit, with all its decimals: `$0.0005`. */
function unitAmount(decimal: string, currency: string): string {
  const decimals = decimalsOf(currency)
  const below = decimal.split('.')[1]?.length ?? 0
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals + below,
  }).format(Number(decimal) / 10 ** decimals)
}
