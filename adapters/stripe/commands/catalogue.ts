import type Stripe from 'stripe'
import { stripeKey } from '../../../domain/keys.ts'
import { UNIT_OF_PERIOD, type PlanVersion } from '../../../domain/catalogue/plan.ts'
import { classifyStripeError } from '../sdk/errors.ts'
import { METADATA_PLAN_VERSION } from '../sdk/metadata.ts'

export type StripeIds = { readonly productId: string; readonly priceId: string }

type Context = {
  readonly stripe: Stripe
  readonly environment: string
  /** Which try it is, where tries are counted. */
  readonly generation?: number
}

/**
 * A plan is a product under an id of our own, a version is a price under a lookup key of its own. Both names are looked
 * up before anything is made, so an unknown outcome heals itself, however long ago it was.
 */
export async function ensureCatalogue(context: Context, plan: PlanVersion): Promise<StripeIds> {
  const productId = await findOrMake(
    () => findProduct(context, plan),
    () => makeProduct(context, plan),
  )
  const priceId = await findOrMake(
    () => findPrice(context, plan),
    () => makePrice(context, plan, productId),
  )
  return { productId, priceId }
}

/** Whoever was quicker since the first look, buyer or operator, has made it under the same name: it is there for both. */
async function findOrMake(
  find: () => Promise<string | undefined>,
  make: () => Promise<string>,
): Promise<string> {
  const there = await find()
  if (there !== undefined) return there
  try {
    return await make()
  } catch (error) {
    if (classifyStripeError(error)?.kind !== 'rejected') throw error
    const madeMeanwhile = await find()
    if (madeMeanwhile === undefined) throw error
    return madeMeanwhile
  }
}

const productIdOf = (plan: PlanVersion): string => `perennial_${plan.slug}`

/** Unique per Stripe account: one version is one price. */
export const lookupKeyOf = (plan: PlanVersion): string =>
  `${plan.slug}:v${plan.version}:${plan.period}:${plan.price.currency}`

async function findProduct({ stripe }: Context, plan: PlanVersion): Promise<string | undefined> {
  try {
    return (await stripe.products.retrieve(productIdOf(plan))).id
  } catch (error) {
    if (classifyStripeError(error)?.kind === 'missing') return undefined
    throw error
  }
}

async function makeProduct(
  { stripe, environment, generation = 1 }: Context,
  plan: PlanVersion,
): Promise<string> {
  const id = productIdOf(plan)
  const key = { environment, subject: id, command: 'create-product', generation }
  const product = await stripe.products.create(
    { id, name: plan.name },
    { idempotencyKey: stripeKey(key) },
  )
  return product.id
}

async function findPrice({ stripe }: Context, plan: PlanVersion): Promise<string | undefined> {
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKeyOf(plan)], limit: 1 })
  return data[0]?.id
}

async function makePrice(
  { stripe, environment, generation = 1 }: Context,
  plan: PlanVersion,
  productId: string,
): Promise<string> {
  const lookupKey = lookupKeyOf(plan)
  const key = { environment, subject: lookupKey, command: 'create-price', generation }
  const price = await stripe.prices.create(
    {
      product: productId,
      currency: plan.price.currency,
      unit_amount: plan.price.amountMinor,
      recurring: { interval: UNIT_OF_PERIOD[plan.period] },
      lookup_key: lookupKey,
      metadata: { [METADATA_PLAN_VERSION]: plan.id },
    },
    { idempotencyKey: stripeKey(key) },
  )
  return price.id
}
