import type Stripe from 'stripe'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Drift } from '../../domain/stripe/drift.ts'
import {
  pricedFeatures,
  usageLookupKeyOf,
  usageProductIdOf,
} from '../../adapters/stripe/commands/usage-prices.ts'
import { idOf } from '../../adapters/stripe/reading/ids.ts'
import { activeMeters } from '../../adapters/stripe/reading/meters.ts'
import { readOveragePrices } from '../../adapters/stripe/reading/overage-prices.ts'
import { METADATA_PLAN_VERSION } from '../../adapters/stripe/sdk/metadata.ts'

/** A metered price that a subscription lacks, and the meter that it charges. */
type Lacking = { readonly name: string; readonly meterId: string | undefined }

/**
 * Checks that a subscription has the metered items that charge usage beyond its limits. For plans with an operator's own metered prices
 * it asks Stripe for them: two requests for each billed feature.
 *
 * @returns null if all are there, or no price exists for them, which is a finding of the plan
 */
export async function compareUsageItems(
  stripe: Pick<Stripe, 'billing' | 'prices'>,
  plan: PlanVersion,
  { items, schedule, pending_update: update }: Stripe.Subscription,
): Promise<Pick<Drift, 'kind' | 'detail'> | null> {
  const lacking = await lackingPrices(stripe, plan, items.data)
  if (lacking.length === 0) return null
  const names = lacking.map(({ name }) => name).join(', ')
  const held = new Set(items.data.map(({ price }) => price.recurring?.meter ?? ''))
  if (lacking.some(({ meterId }) => meterId !== undefined && held.has(meterId)))
    return {
      kind: 'price_differs',
      detail: `usage beyond the limit is charged by an item with another price than ${names}`,
    }
  const isBusy = schedule !== null || update !== null
  const until = isBusy ? '; it can be added once no change is scheduled or waits for payment' : ''
  return {
    kind: 'usage_item_missing',
    detail: `usage beyond the limit is not charged: it has no item with the price ${names}${until}`,
  }
}

async function lackingPrices(
  stripe: Pick<Stripe, 'billing' | 'prices'>,
  plan: PlanVersion,
  items: readonly Stripe.SubscriptionItem[],
): Promise<Lacking[]> {
  const { prices } = await readOveragePrices(stripe, plan)
  const byOperator = prices
    .filter(({ priceId }) => !items.some(({ price }) => price.id === priceId))
    .map(({ priceId, meterId }): Lacking => ({ name: priceId, meterId }))
  const own = pricedFeatures(plan).filter(
    (feature) =>
      !items.some(
        ({ price }) =>
          price.metadata[METADATA_PLAN_VERSION] === plan.id &&
          idOf(price.product) === usageProductIdOf(feature),
      ),
  )
  if (own.length === 0) return byOperator
  const meters = await activeMeters(stripe)
  return [
    ...byOperator,
    ...own.map((feature): Lacking => ({
      name: usageLookupKeyOf(plan, feature),
      meterId: meters.find(({ event_name: name }) => name === feature.meter)?.id,
    })),
  ]
}
