import { canonicalUsagePrice, type UsagePrice } from '../../domain/catalogue/usage-price.ts'

/** A usage price over HTTP, in a file and in the database. Fields of other models are null, and `tiers` is empty. */
export type UsagePriceJson = {
  readonly model: UsagePrice['model']
  readonly unit_amount_decimal: string | null
  readonly package_size: number | null
  readonly round: 'up' | 'down' | null
  readonly tiers: readonly {
    readonly up_to: number | null
    readonly unit_amount_decimal: string
    readonly flat_amount_minor: number
  }[]
}

const NOTHING = { unit_amount_decimal: null, package_size: null, round: null, tiers: [] } as const

/** @returns the price with its amounts in their shortest spelling. */
export function usagePriceFrom(json: UsagePriceJson): UsagePrice {
  const unitAmount = json.unit_amount_decimal ?? ''
  switch (json.model) {
    case 'per_unit':
      return canonicalUsagePrice({ model: json.model, unitAmount })
    case 'package': {
      const packageSize = json.package_size ?? 1
      return canonicalUsagePrice({
        model: json.model,
        unitAmount,
        packageSize,
        round: json.round ?? 'up',
      })
    }
    case 'graduated':
    case 'volume':
      return canonicalUsagePrice({
        model: json.model,
        tiers: json.tiers.map((tier) => ({
          upTo: tier.up_to,
          unitAmount: tier.unit_amount_decimal,
          flatAmountMinor: tier.flat_amount_minor,
        })),
      })
  }
}

/** @returns the price as `usagePriceFrom` reads it. */
export function jsonOfUsagePrice(price: UsagePrice): UsagePriceJson {
  switch (price.model) {
    case 'per_unit':
      return { ...NOTHING, model: price.model, unit_amount_decimal: price.unitAmount }
    case 'package':
      return {
        ...NOTHING,
        model: price.model,
        unit_amount_decimal: price.unitAmount,
        package_size: price.packageSize,
        round: price.round,
      }
    case 'graduated':
    case 'volume':
      return {
        ...NOTHING,
        model: price.model,
        tiers: price.tiers.map(({ upTo, unitAmount, flatAmountMinor }) => ({
          up_to: upTo,
          unit_amount_decimal: unitAmount,
          flat_amount_minor: flatAmountMinor,
        })),
      }
  }
}
