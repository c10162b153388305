import type Stripe from 'stripe'
import { spanOf } from '../../../domain/catalogue/period.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import { classifyStripeError, findAtStripe } from '../sdk/errors.ts'
import { METADATA_PLAN_VERSION } from '../sdk/metadata.ts'
import { keyed, type StripeContext, type TaxContext } from './context.ts'

/** A plan’s product and a version’s price at Stripe. */
export type StripeIds = { readonly productId: string; readonly priceId: string }

/** The needs of commands that create products and prices. */
export type CatalogueContext = StripeContext &
  TaxContext & {
    /** Counts deliberate repetitions, by callers that count them. */
    readonly generation?: number
  }

/**
 * Finds or creates the product of a plan, under an id that we choose, and the price of a version, under its lookup key. Both
 * are looked up before they are created. So a request with an unknown outcome does no harm, however old it is.
 *
 * @see https://docs.stripe.com/products-prices/manage-prices#lookup-keys
 */
export async function ensureCatalogue(
  context: CatalogueContext,
  plan: PlanVersion,
): Promise<StripeIds> {
  const productId = await findOrCreate(
    () => findProduct(context, plan),
    () => createProduct(context, plan),
  )
  const priceId = await findOrCreate(
    () => findPrice(context, plan),
    () => createPrice(context, plan, { productId, replaces: null }),
  )
  return { productId, priceId }
}

/**
 * Another process may create the same name after our first look. Stripe then rejects ours, and the second look finds
 * theirs.
 */
export async function findOrCreate(
  find: () => Promise<string | undefined>,
  create: () => Promise<string>,
): Promise<string> {
  const existing = await find()
  if (existing !== undefined) return existing
  try {
    return await create()
  } catch (error) {
    if (classifyStripeError(error)?.kind !== 'rejected') throw error
    const createdMeanwhile = await find()
    if (createdMeanwhile === undefined) throw error
    return createdMeanwhile
  }
}

/**
 * Says of a price from before the setting whether it includes tax. Stripe lets a price say so once. Running it twice changes
 * nothing more.
 *
 * @see https://docs.stripe.com/api/prices/update#update_price-tax_behavior
 */
export async function setTaxBehavior(
  context: CatalogueContext,
  { id, tax_behavior: present }: Stripe.Price,
): Promise<void> {
  const { behavior } = context.tax
  if (behavior === null || present !== 'unspecified') return
  const key = { subject: id, command: `tax-${behavior}`, generation: 1 }
  await context.stripe.prices.update(id, { tax_behavior: behavior }, keyed(context, key))
}

/** The id that a plan's product has at Stripe. */
export const productIdOf = (plan: Pick<PlanVersion, 'slug'>): string => `perennial_${plan.slug}`

/** The lookup key of a version's price, unique per Stripe account. */
export const lookupKeyOf = (plan: PlanVersion): string =>
  `${plan.slug}:v${plan.version}:${plan.period.replace(' ', '_')}:${plan.price.currency}`

async function findProduct(
  { stripe }: CatalogueContext,
  plan: PlanVersion,
): Promise<string | undefined> {
  return (await findAtStripe(() => stripe.products.retrieve(productIdOf(plan))))?.id
}

async function createProduct(context: CatalogueContext, plan: PlanVersion): Promise<string> {
  const { stripe, generation = 1 } = context
  const id = productIdOf(plan)
  const product = await stripe.products.create(
    { id, name: plan.name },
    keyed(context, { subject: id, command: 'create-product', generation }),
  )
  return product.id
}

/**
 * The price to sell a version by, after Stripe refused `held`: its product is put on sale again, and an archived price gets
 * a successor with the same lookup key. Archived prices stay archived. Running it twice returns the same id.
 */
export async function renewPrice(
  context: CatalogueContext,
  plan: PlanVersion,
  held: string,
): Promise<string> {
  const { stripe } = context
  const productId = await sellableProduct(context, plan)
  const price = await findAtStripe(() => stripe.prices.retrieve(held))
  if (price?.active === true) return held
  const lookup = { lookup_keys: [lookupKeyOf(plan)], active: true, limit: 1 }
  const successor = (await stripe.prices.list(lookup)).data[0]
  return successor?.id ?? createPrice(context, plan, { productId, replaces: held })
}

async function sellableProduct(context: CatalogueContext, plan: PlanVersion): Promise<string> {
  const { stripe } = context
  const id = productIdOf(plan)
  const product = await findAtStripe(() => stripe.products.retrieve(id))
  if (product === undefined) return createProduct(context, plan)
  const key = { subject: id, command: `sell-product-${product.updated}`, generation: 1 }
  if (!product.active) await stripe.products.update(id, { active: true }, keyed(context, key))
  return id
}

async function findPrice(
  { stripe }: CatalogueContext,
  plan: PlanVersion,
): Promise<string | undefined> {
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKeyOf(plan)], limit: 1 })
  return data[0]?.id
}

function createPrice(
  context: CatalogueContext,
  plan: PlanVersion,
  { productId, replaces }: { readonly productId: string; readonly replaces: string | null },
): Promise<string> {
  const { every, unit: interval } = spanOf(plan.period)
  return createPriceOf(context, plan, {
    lookupKey: lookupKeyOf(plan),
    replaces,
    terms: {
      product: productId,
      unit_amount: plan.price.amountMinor,
      // A retried request of the release before named no count.
      recurring: { interval, ...(every > 1 && { interval_count: every }) },
    },
  })
}

type NewPrice = {
  readonly lookupKey: string
  /** The id of the price that held the key until now; null for a new key. */
  readonly replaces: string | null
  readonly terms: Omit<Stripe.PriceCreateParams, 'currency' | 'lookup_key' | 'metadata'>
}

/** Creates a price of a version, in its currency, under a lookup key. Running it twice creates one. @returns its id */
export async function createPriceOf(
  context: CatalogueContext,
  plan: PlanVersion,
  { lookupKey, replaces, terms }: NewPrice,
): Promise<string> {
  const { stripe, tax, generation = 1 } = context
  const price = await stripe.prices.create(
    {
      ...terms,
      ...(tax.behavior !== null && { tax_behavior: tax.behavior }),
      currency: plan.price.currency,
      lookup_key: lookupKey,
      // An archived price keeps its key until another one takes it.
      ...(replaces !== null && { transfer_lookup_key: true }),
      metadata: { [METADATA_PLAN_VERSION]: plan.id },
    },
    keyed(context, {
      subject: lookupKey,
      command: replaces === null ? 'create-price' : `replace-price-${replaces}`,
      generation,
    }),
  )
  return price.id
}
