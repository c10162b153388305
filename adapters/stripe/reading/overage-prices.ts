import type Stripe from 'stripe'
import { spanOf } from '../../../domain/catalogue/period.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import { METADATA_PLAN } from '../sdk/metadata.ts'
import { activeMeters } from './meters.ts'
import { PAGE_MAX } from '../sdk/listing.ts'

/** A metered price at Stripe, by which usage beyond a quota is invoiced. */
export type OveragePrice = { readonly priceId: string; readonly meterId: string }

/** The metered prices of a plan. */
export type OveragePrices = {
  readonly prices: readonly OveragePrice[]
  /** The codes of features whose overage Stripe cannot invoice: their meter or price is missing, or several prices fit. */
  readonly missing: readonly string[]
}

/**
 * Reads the metered prices for usage beyond a plan's quota (`overage: bill`) that the catalogue does not price. An operator makes
 * them: one active price for each meter, currency and interval, or one for each plan, with the plan's name in its metadata
 * `perennial_plan`.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based
 */
export async function readOveragePrices(
  stripe: Pick<Stripe, 'billing' | 'prices'>,
  plan: PlanVersion,
): Promise<OveragePrices> {
  const billed = plan.features.filter(
    ({ overage, usagePrice }) => overage === 'bill' && usagePrice === null,
  )
  if (billed.length === 0) return { prices: [], missing: [] }
  const meters = await activeMeters(stripe)
  const prices: OveragePrice[] = []
  const missing: string[] = []
  for (const { code, meter: eventName } of billed) {
    const meter = meters.find(({ event_name: name }) => name === eventName)
    const priceId = meter && (await priceOfMeter(stripe, plan, meter.id))
    if (meter === undefined || priceId === undefined) missing.push(code)
    else prices.push({ priceId, meterId: meter.id })
  }
  return { prices, missing }
}

/** The plan's own price, or else the only one for all plans. */
async function priceOfMeter(
  stripe: Pick<Stripe, 'prices'>,
  { slug, period, price: { currency } }: PlanVersion,
  meter: string,
): Promise<string | undefined> {
  const { every, unit: interval } = spanOf(period)
  const { data } = await stripe.prices.list({
    active: true,
    currency,
    recurring: { meter, interval, usage_type: 'metered' },
    limit: PAGE_MAX,
  })
  // Stripe does not filter by the count of intervals.
  const recurring = data.filter((price) => price.recurring?.interval_count === every)
  const own = recurring.filter(({ metadata }) => metadata[METADATA_PLAN] === slug)
  const general = recurring.filter(({ metadata }) => metadata[METADATA_PLAN] === undefined)
  const fitting = own.length > 0 ? own : general
  return fitting.length === 1 ? fitting[0]?.id : undefined
}
