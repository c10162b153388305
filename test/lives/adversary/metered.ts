import type { World } from '../../support/world.ts'
import { METERED } from './price-list.ts'

const PRODUCT = `perennial_usage_${METERED.feature}`
const PAGE = 100

/** The units beyond the limit that Stripe charged a customer, and those of the open period, which it will charge. */
export async function meteredUnits(world: World, customer: string): Promise<number> {
  const { stripe } = world
  let [units, chargedUntil] = [0, 0]
  for await (const { status, lines } of stripe.invoices.list({ customer, limit: PAGE }))
    if (status !== 'void')
      for (const { pricing, quantity, period } of lines.data) {
        if (pricing?.price_details?.product !== PRODUCT) continue
        units += quantity ?? 0
        chargedUntil = Math.max(chargedUntil, period.end)
      }
  return units + (await openUnits(world, customer, chargedUntil))
}

/** The units that were reported since the last charge, if a running subscription will charge them. */
async function openUnits(
  { stripe, clock }: World,
  customer: string,
  chargedUntil: number,
): Promise<number> {
  const { data } = await stripe.subscriptions.list({ customer, limit: PAGE })
  const items = data.flatMap(({ items: { data: held } }) => held)
  const item = items.find(({ price }) => price.product === PRODUCT)
  const meter = item?.price.recurring?.meter
  if (item === undefined || meter === null || meter === undefined) return 0
  const { data: sums } = await stripe.billing.meters.listEventSummaries(meter, {
    customer,
    start_time: Math.max(item.current_period_start, chargedUntil),
    end_time: Math.ceil(clock.now().getTime() / 1000) + 60,
  })
  return sums.reduce((sum, { aggregated_value: value }) => sum + value, 0)
}
