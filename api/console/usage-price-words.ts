import type { UsagePrice, UsageTier } from '../../domain/catalogue/usage-price.ts'
import { unitAmountText } from '../web/unit-amount.ts'
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

const unitAmount = (decimal: string, currency: string): string =>
  unitAmountText(decimal, currency, FORMAT.locale)
