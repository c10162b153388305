import type Stripe from 'stripe'
import { spanOf } from '../../../domain/catalogue/period.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import { canonicalUsagePrice, type UsagePrice } from '../../../domain/catalogue/usage-price.ts'
import {
  pricedFeatures,
  usageLookupKeyOf,
  usageProductIdOf,
  type PricedFeature,
} from '../commands/usage-prices.ts'
import { idOf } from './ids.ts'
import { findMeter } from './meters.ts'

/** @returns how the usage prices of a version differ at Stripe, in words; they were created before */
export async function usagePriceDifferences(stripe: Stripe, plan: PlanVersion): Promise<string[]> {
  const differences: string[] = []
  for (const feature of pricedFeatures(plan)) {
    const lookup = { lookup_keys: [usageLookupKeyOf(plan, feature)], limit: 1 }
    const { data } = await stripe.prices.list({ ...lookup, expand: ['data.tiers'] })
    const meter = await findMeter(stripe, feature.meter)
    differences.push(
      ...fieldsOf(plan, feature, data[0], meter).map((each) => `usage of ${feature.code}: ${each}`),
    )
  }
  return differences
}

function fieldsOf(
  plan: PlanVersion,
  feature: PricedFeature,
  price: Stripe.Price | undefined,
  meter: Stripe.Billing.Meter | undefined,
): string[] {
  if (price === undefined) return ['its price is missing']
  if (meter === undefined) return [`no active meter counts \`${feature.meter}\``]
  const { currency, recurring, active, product } = price
  const { every, unit } = spanOf(plan.period)
  const isSamePrice =
    JSON.stringify(usagePriceOf(price)) === JSON.stringify(canonicalUsagePrice(feature.usagePrice))
  return [
    ...(isSamePrice ? [] : ['its amounts differ']),
    ...(currency === plan.price.currency ? [] : [`its currency is ${currency}`]),
    ...(recurring?.interval === unit && recurring.interval_count === every
      ? []
      : ['its interval differs']),
    ...(recurring?.meter === meter.id ? [] : ['its price counts another meter']),
    ...(meter.default_aggregation.formula === 'sum' ? [] : ['its meter does not sum']),
    ...(idOf(product) === usageProductIdOf(feature) ? [] : ['its product differs']),
    ...(active ? [] : ['its price is archived']),
  ]
}

const TIERS_MODES = ['graduated', 'volume'] as const

/** @returns a metered price in the words of the catalogue; undefined if it has no such words */
function usagePriceOf(price: Stripe.Price): UsagePrice | undefined {
  const { tiers_mode: mode, tiers, transform_quantity: packages } = price
  const unitAmount = String(price.unit_amount_decimal ?? '0')
  if (price.billing_scheme !== 'tiered')
    return canonicalUsagePrice(
      packages === null
        ? { model: 'per_unit', unitAmount }
        : {
            model: 'package',
            unitAmount,
            packageSize: packages.divide_by,
            round: packages.round === 'up' ? 'up' : 'down',
          },
    )
  const model = TIERS_MODES.find((each) => each === mode)
  if (tiers === undefined || model === undefined) return undefined
  return canonicalUsagePrice({
    model,
    tiers: tiers.map((tier) => ({
      upTo: tier.up_to,
      unitAmount: String(tier.unit_amount_decimal ?? '0'),
      flatAmountMinor: tier.flat_amount ?? 0,
    })),
  })
}
