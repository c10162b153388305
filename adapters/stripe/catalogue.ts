import type Stripe from 'stripe'
import { stripeKey } from '../../domain/keys.ts'
import { UNIT_OF_PERIOD, type PlanVersion } from '../../domain/plan.ts'
import { classifyStripeError } from './errors.ts'
import { METADATA_PLAN_VERSION } from './metadata.ts'

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
  const productId = await ensureProduct(context, plan)
  const priceId = await ensurePrice(context, plan, productId)
  return { productId, priceId }
}

const productIdOf = (plan: PlanVersion): string => `perennial_${plan.slug}`

/** Unique per Stripe account: one version is one price. */
export const lookupKeyOf = (plan: PlanVersion): string =>
  `${plan.slug}:v${plan.version}:${plan.period}:${plan.price.currency}`

async function ensureProduct(
  { stripe, environment, generation = 1 }: Context,
  plan: PlanVersion,
): Promise<string> {
  const id = productIdOf(plan)
  try {
    return (await stripe.products.retrieve(id)).id
  } catch (error) {
    if (classifyStripeError(error)?.kind !== 'missing') throw error
  }
  const key = { environment, subject: id, command: 'create-product', generation }
  const product = await stripe.products.create(
    { id, name: plan.name },
    { idempotencyKey: stripeKey(key) },
  )
  return product.id
}

async function ensurePrice(
  { stripe, environment, generation = 1 }: Context,
  plan: PlanVersion,
  productId: string,
): Promise<string> {
  const lookupKey = lookupKeyOf(plan)
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 })
  if (data[0] !== undefined) return data[0].id
  const price = await stripe.prices.create(
    {
      product: productId,
      currency: plan.price.currency,
      unit_amount: plan.price.amountMinor,
      recurring: { interval: UNIT_OF_PERIOD[plan.period] },
      lookup_key: lookupKey,
      metadata: { [METADATA_PLAN_VERSION]: plan.id },
    },
    {
      idempotencyKey: stripeKey({
        environment,
        subject: lookupKey,
        command: 'create-price',
        generation,
      }),
    },
  )
  return price.id
}
