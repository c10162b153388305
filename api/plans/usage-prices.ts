import { z } from '@hono/zod-openapi'
import { jsonOfUsagePrice } from '../../adapters/catalogue/usage-price-json.ts'
import { USAGE_MODELS, type UsagePrice } from '../../domain/catalogue/usage-price.ts'

/** The usage prices of a plan, for a pricing page. */
export const usagePricesSchema = z
  .array(
    z
      .object({
        feature: z.string().describe('The code of the feature.'),
        model: z.enum(USAGE_MODELS),
        unit_amount_decimal: z
          .string()
          .nullable()
          .describe('Of each unit, or of each package, in minor units. Null for tiers.'),
        package_size: z.int().nullable().describe('The units of a package.'),
        round: z
          .enum(['up', 'down'])
          .nullable()
          .describe('Whether a package that was begun is charged.'),
        tiers: z.array(
          z.object({
            up_to: z
              .int()
              .nullable()
              .describe('The last unit, counted from the first beyond the limit. Null: no end.'),
            unit_amount_decimal: z.string(),
            flat_amount_minor: z.int(),
          }),
        ),
      })
      .openapi('UsagePrice'),
  )
  .describe('The prices of usage beyond the limits, which is charged at the end of the period.')

type Priced = { readonly code: string; readonly usagePrice: UsagePrice | null }

/** @returns the usage prices of a version's features in JSON. */
export const usagePricesView = (features: readonly Priced[]): z.infer<typeof usagePricesSchema> =>
  features.flatMap(({ code, usagePrice }) => {
    if (usagePrice === null) return []
    const { tiers, ...price } = jsonOfUsagePrice(usagePrice)
    return [{ feature: code, ...price, tiers: [...tiers] }]
  })
