import { z } from 'zod'
import { isDecimal } from '../../domain/decimal.ts'
import {
  AMOUNT_RULE,
  PACKAGE_SIZE_MAX,
  TIERS_MAX,
} from '../../domain/catalogue/usage-price-problems.ts'
import { PRICE_MINOR_MAX, QUOTA_MAX, type FeatureTerms } from '../../domain/catalogue/terms.ts'
import { USAGE_MODELS } from '../../domain/catalogue/usage-price.ts'
import { usagePriceFrom, type UsagePriceJson } from './usage-price-json.ts'

const amountField = z
  .string()
  .refine(isDecimal, AMOUNT_RULE)
  .describe('In minor units, with at most twelve decimals: `0.5` is half a cent.')

/** The fields of a usage price over HTTP and in a file. Missing fields get their defaults. */
export const usagePriceFields = {
  model: z
    .enum(USAGE_MODELS)
    .describe(
      '`per_unit`; `package` charges packages of units; `graduated` charges each unit at its own tier, `volume` all at the tier of the last one.',
    ),
  unit_amount_decimal: amountField
    .nullable()
    .default(null)
    .describe('Of each unit, or of each package, in minor units. Null for tiers.'),
  package_size: z.int().min(1).max(PACKAGE_SIZE_MAX).nullable().default(null).describe('In units.'),
  round: z
    .enum(['up', 'down'])
    .nullable()
    .default(null)
    .describe('Whether a package that was begun is charged; by itself `up`.'),
  tiers: z
    .array(
      z.strictObject({
        up_to: z
          .int()
          .min(1)
          .max(QUOTA_MAX)
          .nullable()
          .default(null)
          .describe(
            'The last unit, counted from the first beyond the limit; null in the last tier.',
          ),
        unit_amount_decimal: amountField.default('0'),
        flat_amount_minor: z
          .int()
          .min(0)
          .max(PRICE_MINOR_MAX)
          .default(0)
          .describe('Added once when the tier is reached. Not in the first tier.'),
      }),
    )
    .max(TIERS_MAX)
    .default([]),
} as const

/** Names the fields that a model needs and lacks, and those that belong to another model. */
export function refineUsagePrice(price: UsagePriceJson, context: z.RefinementCtx): void {
  const isTiered = price.model === 'graduated' || price.model === 'volume'
  const wrong = (field: keyof UsagePriceJson, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message })
  if (isTiered === (price.unit_amount_decimal !== null))
    wrong('unit_amount_decimal', isTiered ? 'each tier has its own: leave it out' : 'is missing')
  if (isTiered !== price.tiers.length > 0)
    wrong('tiers', isTiered ? 'is missing' : 'only `graduated` and `volume` have tiers')
  if ((price.model === 'package') !== (price.package_size !== null))
    wrong('package_size', price.model === 'package' ? 'is missing' : 'only `package` has one')
  if (price.model !== 'package' && price.round !== null) wrong('round', 'only `package` rounds')
}

/** The problem of a usage price without its feature. */
export const NOT_GRANTED = 'the plan does not grant this feature: add it to `features`'

/** A usage price in a file. */
export const usagePriceField = z.strictObject(usagePriceFields).superRefine(refineUsagePrice)

/** Adds the usage prices, by feature, to the terms of the features. */
export const withUsagePrices = (
  features: readonly FeatureTerms[],
  prices: ReadonlyMap<string, UsagePriceJson>,
): FeatureTerms[] =>
  features.map((feature) => {
    const price = prices.get(feature.code)
    return price === undefined ? feature : { ...feature, usagePrice: usagePriceFrom(price) }
  })
