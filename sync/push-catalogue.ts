import type Stripe from 'stripe'
import type { DriftRepository } from '../domain/stripe/drift.ts'
import { spanOf } from '../domain/catalogue/period.ts'
import type { PlanVersion } from '../domain/catalogue/plan.ts'
import type { PlanRepository } from '../domain/catalogue/plan-repository.ts'
import type {
  CataloguePush,
  StripeCatalogueRepository,
} from '../domain/stripe/catalogue-at-stripe.ts'
import {
  ensureCatalogue,
  lookupKeyOf,
  productIdOf,
  setTaxBehavior,
} from '../adapters/stripe/commands/catalogue.ts'
import type { TaxSettings } from '../domain/stripe/tax.ts'
import { ensureUsagePrices } from '../adapters/stripe/commands/usage-prices.ts'
import { keyed } from '../adapters/stripe/commands/context.ts'
import { idOf } from '../adapters/stripe/reading/ids.ts'
import { readOveragePrices } from '../adapters/stripe/reading/overage-prices.ts'
import { usagePriceDifferences } from '../adapters/stripe/reading/usage-price-differences.ts'
import { messageOf } from '../adapters/telemetry/error-message.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'

/** Plans per round. Plans are published rarely; the next round is two seconds later. */
const BATCH_MAX = 20

/** The parts that writing the catalogue to Stripe uses. */
export type CataloguePushParts = {
  readonly stripe: Stripe
  readonly environment: string
  readonly tax: TaxSettings
  readonly plans: Pick<PlanRepository, 'getVersion' | 'recordStripeIds'>
  readonly stripeCatalogue: StripeCatalogueRepository
  readonly drift: Pick<DriftRepository, 'note' | 'settle'>
  readonly logger: Logger
}

/**
 * Writes published plan versions to Stripe as products and prices, and reports differences once a day. Nothing is deleted there:
 * existing subscriptions still pay an archived price. Running it twice, or after a lost response, finds the objects of the first
 * time.
 *
 * @returns the number of versions checked
 * @see https://docs.stripe.com/products-prices/manage-prices
 */
export async function pushCatalogue(parts: CataloguePushParts, at: Date): Promise<number> {
  const { stripeCatalogue, plans, drift, logger } = parts
  const due = await stripeCatalogue.claimDue(at, BATCH_MAX)
  for (const push of due)
    try {
      const plan = await plans.getVersion(push.planVersionId)
      const { priceId, difference } = await pushVersion(parts, plan, push)
      if (difference === null) {
        await drift.settle(priceId, at)
      } else {
        const detail = `${lookupKeyOf(plan)}: ${difference}`
        logger.warn({ plan: lookupKeyOf(plan), difference }, 'a plan differs at Stripe')
        const kind = 'plan_differs'
        await drift.note({ kind, subscriptionId: null, stripeId: priceId, detail }, at)
      }
      await stripeCatalogue.done(push, { drift: difference, at })
    } catch (error) {
      logger.warn(
        { err: error, planVersionId: push.planVersionId },
        'a plan was not pushed to Stripe yet',
      )
      await stripeCatalogue.failed(push.planVersionId, messageOf(error))
    }
  return due.length
}

/** Creates a version at Stripe if it is missing, then writes (`push`) or only compares the fields that may change. */
async function pushVersion(
  parts: CataloguePushParts,
  plan: PlanVersion,
  push: CataloguePush,
): Promise<{ readonly priceId: string; readonly difference: string | null }> {
  const { stripe, environment, tax, plans } = parts
  const context = { stripe, environment, tax, generation: push.generation }
  if (plan.stripePriceId === null) {
    const ids = await ensureCatalogue(context, plan)
    await plans.recordStripeIds(plan.id, ids)
  }
  await ensureUsagePrices(context, plan)
  const { stripePriceId } = await plans.getVersion(plan.id)
  const price = await stripe.prices.retrieve(stripePriceId ?? '', { expand: ['product'] })
  const product =
    typeof price.product === 'string' || 'deleted' in price.product ? null : price.product
  await setTaxBehavior(context, price)
  if (push.kind === 'push') await writeFields(parts, plan, push, { price, product })
  const differences = [
    ...differencesInFixedFields(plan, price),
    ...differenceInTax(tax, price),
    ...(product === null ? ['its product was deleted'] : []),
    ...(push.kind === 'push' ? [] : differencesInFields(push, { price, product })),
    ...(await usagePriceDifferences(stripe, plan)),
    ...(await missingOveragePrices(parts, plan)),
  ]
  const difference =
    differences.length === 0 ? null : `the price ${price.id}: ${differences.join('; ')}`
  return { priceId: price.id, difference }
}

/** @returns what Stripe cannot invoice beyond the quota, in words */
async function missingOveragePrices(
  { stripe }: CataloguePushParts,
  plan: PlanVersion,
): Promise<string[]> {
  const { missing } = await readOveragePrices(stripe, plan)
  return missing.map(
    (code) =>
      `the overage of ${code} is billed, and Stripe has not exactly one metered price for it`,
  )
}

type AtStripe = { readonly price: Stripe.Price; readonly product: Stripe.Product | null }

/** Writes name and archived state, the product before its price. */
async function writeFields(
  { stripe, environment }: CataloguePushParts,
  plan: PlanVersion,
  push: CataloguePush,
  { price, product }: AtStripe,
): Promise<void> {
  const optionsOf = (command: string) =>
    keyed({ environment }, { subject: lookupKeyOf(plan), command, generation: push.generation })
  const isProductRight =
    product === null || (product.name === push.name && product.active === push.productActive)
  if (!isProductRight)
    await stripe.products.update(
      product.id,
      { name: push.name, active: push.productActive },
      optionsOf('update-product'),
    )
  if (price.active !== push.priceActive)
    await stripe.prices.update(price.id, { active: push.priceActive }, optionsOf('update-price'))
}

/** @returns the differences that a push would correct, in words */
const differencesInFields = (push: CataloguePush, { price, product }: AtStripe): string[] => [
  ...(product === null || product.name === push.name
    ? []
    : [`its product is called ${product.name}, not ${push.name}`]),
  ...(product === null || product.active === push.productActive
    ? []
    : [`its product is ${archived(product.active)}`]),
  ...(price.active === push.priceActive ? [] : [`it is ${archived(price.active)}`]),
]

const archived = (active: boolean): string => (active ? 'not archived' : 'archived')

/** A price says once whether it includes tax: see `setTaxBehavior`. */
const differenceInTax = ({ behavior }: TaxSettings, price: Stripe.Price): string[] =>
  behavior === null || price.tax_behavior === behavior || price.tax_behavior === 'unspecified'
    ? []
    : [`its tax is ${price.tax_behavior}, not ${behavior}`]

/** Stripe does not allow changes to these fields of a price. @see https://docs.stripe.com/api/prices/update */
function differencesInFixedFields(plan: PlanVersion, price: Stripe.Price): string[] {
  const { every, unit } = spanOf(plan.period)
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['its amount', price.unit_amount, plan.price.amountMinor],
    ['its currency', price.currency, plan.price.currency],
    [
      'its interval',
      `${price.recurring?.interval_count} ${price.recurring?.interval}`,
      `${every} ${unit}`,
    ],
    ['its product', idOf(price.product), productIdOf(plan)],
    ['its lookup key', price.lookup_key, lookupKeyOf(plan)],
  ]
  return pairs
    .filter(([, there, here]) => there !== here)
    .map(
      ([field, there, here]) => `${field} is ${JSON.stringify(there)}, not ${JSON.stringify(here)}`,
    )
}
