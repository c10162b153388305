import type Stripe from 'stripe'
import { PERIOD_UNITS, periodOf } from '../../../domain/catalogue/period.ts'
import type { PriceReading } from '../../../domain/stripe/price.ts'
import { findAtStripe } from '../sdk/errors.ts'
import { METADATA_PLAN_VERSION } from '../sdk/metadata.ts'

/** A price as it was read, with the id of the plan version that it was made for; null if it was made at Stripe. */
export type ReadPrice = PriceReading & { readonly madeFor: string | null }

/** @returns undefined when Stripe does not have the price */
export async function readPrice(stripe: Stripe, id: string): Promise<ReadPrice | undefined> {
  const price = await findAtStripe(() => stripe.prices.retrieve(id))
  if (price === undefined) return undefined
  return { ...termsOfPrice(price), madeFor: price.metadata[METADATA_PLAN_VERSION] ?? null }
}

/**
 * Reads the charge of a price, if a plan version can express it: a whole amount for each unit, once per period.
 *
 * @param paidIn the currency of a subscription with this price. A price may have further currencies, whose amounts are not read.
 * @see https://docs.stripe.com/api/prices/object
 */
export function termsOfPrice(price: Stripe.Price, paidIn: string = price.currency): PriceReading {
  const { unit_amount: amount, currency, recurring } = price
  if (recurring === null) return wrong('it is charged once')
  if (recurring.usage_type === 'metered') return wrong('it charges usage')
  if (paidIn !== currency) return wrong(`it is paid in ${paidIn}, one of its further currencies`)
  const isPerUnit = price.billing_scheme === 'per_unit' && price.transform_quantity === null
  if (!isPerUnit || amount === null)
    return wrong('it does not charge the same whole amount for each unit')
  const unit = PERIOD_UNITS.find((each) => each === recurring.interval)
  if (unit === undefined) return wrong(`it recurs by the ${recurring.interval}`)
  const period = periodOf(recurring.interval_count, unit)
  if (amount === 0) return wrong('it charges nothing')
  return { kind: 'terms', terms: { period, priceMinor: amount, currency } }
}

/** @returns the charge of a subscription's item with this price */
export function paidFor({ items, currency }: Stripe.Subscription, priceId: string): PriceReading {
  const item = items.data.find(({ price }) => price.id === priceId)
  if (item === undefined) return { kind: 'not_usable', because: 'it has no item with this price' }
  return termsOfPrice(item.price, currency)
}

const wrong = (because: string): PriceReading => ({ kind: 'not_usable', because })
