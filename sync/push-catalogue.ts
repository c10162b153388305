import type Stripe from 'stripe'
import type { DriftRepository } from '../domain/stripe/drift.ts'
import { stripeKey } from '../domain/keys.ts'
import { UNIT_OF_PERIOD, type PlanVersion } from '../domain/catalogue/plan.ts'
import type { PlanRepository } from '../domain/catalogue/plan-repository.ts'
import type {
  CataloguePush,
  StripeCatalogueRepository,
} from '../domain/stripe/catalogue-at-stripe.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import { ensureCatalogue, lookupKeyOf } from '../adapters/stripe/commands/catalogue.ts'
import { idOf } from '../adapters/stripe/reading/snapshot.ts'

/** A plan is published now and then; more than these wait for the next round, two seconds later. */
const BATCH_MAX = 20

export type CatalogueAtStripeParts = {
  readonly stripe: Stripe
  readonly environment: string
  readonly plans: Pick<PlanRepository, 'getVersion' | 'recordStripeIds'>
  readonly stripeCatalogue: StripeCatalogueRepository
  readonly drift: Pick<DriftRepository, 'note' | 'settle'>
  readonly logger: Logger
}

/**
 * Makes Stripe's products and prices as the catalogue says, and once a day says what differs there. What is archived is
 * never deleted: who has it pays by it. Running it twice, or after an answer that was lost, finds what the first made.
 * Answers how many were looked at.
 */
export async function pushCatalogue(parts: CatalogueAtStripeParts, at: Date): Promise<number> {
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
      logger.warn({ err: error, planVersionId: push.planVersionId }, 'a plan waits for Stripe')
      const message = error instanceof Error ? error.message : String(error)
      await stripeCatalogue.failed(push.planVersionId, message)
    }
  return due.length
}

/** Answers what differs at Stripe, in words. What can be written there is, in a push; a comparison writes nothing. */
async function pushVersion(
  parts: CatalogueAtStripeParts,
  plan: PlanVersion,
  push: CataloguePush,
): Promise<{ readonly priceId: string; readonly difference: string | null }> {
  const { stripe, environment, plans } = parts
  if (plan.stripePriceId === null) {
    const ids = await ensureCatalogue({ stripe, environment, generation: push.generation }, plan)
    await plans.recordStripeIds(plan.id, ids)
  }
  const { stripePriceId } = await plans.getVersion(plan.id)
  const price = await stripe.prices.retrieve(stripePriceId ?? '', { expand: ['product'] })
  const product =
    typeof price.product === 'string' || 'deleted' in price.product ? null : price.product
  const differences = [
    ...whatCannotChange(plan, price),
    ...(product === null ? ['its product was deleted'] : []),
  ]
  const isNamed = product === null || product.name === push.name
  const isSold = product === null || product.active === push.productActive
  if (push.kind === 'push') {
    const keyOf = (command: string) => ({
      idempotencyKey: stripeKey({
        environment,
        subject: lookupKeyOf(plan),
        command,
        generation: push.generation,
      }),
    })
    // A product comes back before its price does, and goes after it.
    if (product !== null && !(isNamed && isSold))
      await stripe.products.update(
        product.id,
        { name: push.name, active: push.productActive },
        keyOf('update-product'),
      )
    if (price.active !== push.priceActive)
      await stripe.prices.update(price.id, { active: push.priceActive }, keyOf('update-price'))
  } else {
    if (!isNamed) differences.push(`its product is called ${product?.name}, not ${push.name}`)
    if (!isSold) differences.push(`its product is ${archived(product?.active)}`)
    if (price.active !== push.priceActive) differences.push(`it is ${archived(price.active)}`)
  }
  const difference =
    differences.length === 0 ? null : `the price ${price.id}: ${differences.join('; ')}`
  return { priceId: price.id, difference }
}

const archived = (active: boolean | undefined) => (active === true ? 'not archived' : 'archived')

/** What Stripe lets nobody write. */
function whatCannotChange(plan: PlanVersion, price: Stripe.Price): string[] {
  const interval = UNIT_OF_PERIOD[plan.period]
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['its amount', price.unit_amount, plan.price.amountMinor],
    ['its currency', price.currency, plan.price.currency],
    [
      'its interval',
      `${price.recurring?.interval_count} ${price.recurring?.interval}`,
      `1 ${interval}`,
    ],
    ['its product', idOf(price.product), `perennial_${plan.slug}`],
    ['its lookup key', price.lookup_key, lookupKeyOf(plan)],
  ]
  return pairs
    .filter(([, there, here]) => there !== here)
    .map(
      ([what, there, here]) => `${what} is ${JSON.stringify(there)}, not ${JSON.stringify(here)}`,
    )
}
