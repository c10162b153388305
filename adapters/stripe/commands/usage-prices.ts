import { Stripe } from 'stripe'
import { spanOf } from '../../../domain/catalogue/period.ts'
import type { PlanFeature, PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { UsagePrice } from '../../../domain/catalogue/usage-price.ts'
import { readOveragePrices, type OveragePrice } from '../reading/overage-prices.ts'
import { findMeter } from '../reading/meters.ts'
import { findAtStripe } from '../sdk/errors.ts'
import {
  createPriceOf,
  findOrCreate,
  lookupKeyOf,
  setTaxBehavior,
  type CatalogueContext,
} from './catalogue.ts'
import { keyed } from './context.ts'

/** A feature with a price of ours. */
export type PricedFeature = PlanFeature & { readonly usagePrice: UsagePrice }

/** @returns the features of a version that have a price of ours for usage beyond the limit */
export const pricedFeatures = ({ features }: PlanVersion): PricedFeature[] =>
  features.flatMap((feature) =>
    feature.usagePrice === null ? [] : [{ ...feature, usagePrice: feature.usagePrice }],
  )

/** The id of the product of a feature's usage, of which each version has its own price. */
export const usageProductIdOf = ({ code }: Pick<PlanFeature, 'code'>): string =>
  `perennial_usage_${code}`

/** The lookup key of a usage price, unique per Stripe account. */
export const usageLookupKeyOf = (plan: PlanVersion, { code }: Pick<PlanFeature, 'code'>): string =>
  `${lookupKeyOf(plan)}:${code}`

/**
 * Finds or creates the meter, the product and the metered price of each usage price of a version. All are looked up before they
 * are created, so running it twice returns the same prices. An archived price gets a successor.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/implementation-guide
 */
export async function ensureUsagePrices(
  context: CatalogueContext,
  plan: PlanVersion,
): Promise<OveragePrice[]> {
  const prices: OveragePrice[] = []
  for (const feature of pricedFeatures(plan)) {
    const meterId = await findOrCreate(
      async () => (await findMeter(context.stripe, feature.meter))?.id,
      () => createMeter(context, feature),
    )
    const product = await findOrCreate(
      () => findProduct(context, feature),
      () => createProduct(context, feature),
    )
    const priceId = await ensurePrice(context, plan, { feature, meterId, product })
    prices.push({ priceId, meterId })
  }
  return prices
}

/** @returns the metered prices of a version: its own, created if they are missing, and those that an operator made */
export async function ensureOveragePrices(
  context: CatalogueContext,
  plan: PlanVersion,
): Promise<readonly OveragePrice[]> {
  const { prices } = await readOveragePrices(context.stripe, plan)
  return [...(await ensureUsagePrices(context, plan)), ...prices]
}

async function createMeter(context: CatalogueContext, feature: PricedFeature): Promise<string> {
  const { stripe, generation = 1 } = context
  const meter = await stripe.billing.meters.create(
    {
      display_name: feature.name,
      event_name: feature.meter,
      default_aggregation: { formula: 'sum' },
    },
    keyed(context, { subject: feature.meter, command: 'create-meter', generation }),
  )
  return meter.id
}

const findProduct = async ({ stripe }: CatalogueContext, feature: PricedFeature) =>
  (await findAtStripe(() => stripe.products.retrieve(usageProductIdOf(feature))))?.id

async function createProduct(context: CatalogueContext, feature: PricedFeature): Promise<string> {
  const { stripe, generation = 1 } = context
  const id = usageProductIdOf(feature)
  const { unit, name } = feature
  const product = await stripe.products.create(
    { id, name, ...(unit !== null && { unit_label: unit.slice(0, UNIT_LABEL_MAX) }) },
    keyed(context, { subject: id, command: 'create-product', generation }),
  )
  return product.id
}

/** Stripe's limit of characters. @see https://docs.stripe.com/api/products/create */
const UNIT_LABEL_MAX = 12

type Wanted = {
  readonly feature: PricedFeature
  readonly meterId: string
  readonly product: string
}

async function ensurePrice(
  context: CatalogueContext,
  plan: PlanVersion,
  wanted: Wanted,
): Promise<string> {
  const find = async () => {
    const lookup = { lookup_keys: [usageLookupKeyOf(plan, wanted.feature)], limit: 1 }
    return (await context.stripe.prices.list(lookup)).data[0]
  }
  const held = await find()
  return findOrCreate(
    async () => {
      const found = await find()
      if (found?.active !== true) return undefined
      await setTaxBehavior(context, found)
      return found.id
    },
    () => createPrice(context, plan, { ...wanted, replaces: held?.id ?? null }),
  )
}

function createPrice(
  context: CatalogueContext,
  plan: PlanVersion,
  { feature, meterId, product, replaces }: Wanted & { readonly replaces: string | null },
): Promise<string> {
  const { every, unit: interval } = spanOf(plan.period)
  return createPriceOf(context, plan, {
    lookupKey: usageLookupKeyOf(plan, feature),
    replaces,
    terms: {
      product,
      ...amountsOf(feature.usagePrice),
      recurring: { interval, interval_count: every, usage_type: 'metered', meter: meterId },
    },
  })
}

type Amounts = Pick<
  Stripe.PriceCreateParams,
  'billing_scheme' | 'tiers_mode' | 'tiers' | 'transform_quantity' | 'unit_amount_decimal'
>

/** @see https://docs.stripe.com/api/prices/create */
function amountsOf(price: UsagePrice): Amounts {
  switch (price.model) {
    case 'per_unit':
      return { unit_amount_decimal: Stripe.Decimal.from(price.unitAmount) }
    case 'package':
      return {
        unit_amount_decimal: Stripe.Decimal.from(price.unitAmount),
        transform_quantity: { divide_by: price.packageSize, round: price.round },
      }
    case 'graduated':
    case 'volume':
      return {
        billing_scheme: 'tiered',
        tiers_mode: price.model,
        tiers: price.tiers.map(({ upTo, unitAmount, flatAmountMinor }) => ({
          up_to: upTo ?? 'inf',
          unit_amount_decimal: Stripe.Decimal.from(unitAmount),
          ...(flatAmountMinor > 0 && { flat_amount: flatAmountMinor }),
        })),
      }
  }
}
