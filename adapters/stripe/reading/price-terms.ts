import type Stripe from 'stripe'
import type { Period } from '../../../domain/catalogue/plan.ts'
import { formatMoney } from '../../../domain/money.ts'
import type { PriceReading } from '../../../domain/stripe/price.ts'
import { findAtStripe } from '../sdk/errors.ts'

/** @returns undefined when Stripe does not have the price */
export async function readPrice(stripe: Stripe, id: string): Promise<PriceReading | undefined> {
  const price = await findAtStripe(() => stripe.prices.retrieve(id))
  return price && termsOfPrice(price)
}

/**
 * Reads the charge of a price, if a plan version can express it: a whole amount for each unit, once a month or a year.
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
  const shown = formatMoney({ amountMinor: amount, currency }, 'en')
  const period = periodOf(recurring)
  if (period === undefined)
    return wrong(`it charges ${shown} ${phraseOfInterval(recurring)}, not every month or year`)
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

type Interval = Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>

function periodOf({ interval, interval_count: count }: Interval): Period | undefined {
  if (interval === 'year' && count === 1) return 'yearly'
  if (interval !== 'month') return undefined
  if (count === 12) return 'yearly'
  return count === 1 ? 'monthly' : undefined
}

const phraseOfInterval = ({ interval, interval_count: count }: Interval): string =>
  count === 1 ? `every ${interval}` : `every ${count} ${interval}s`
