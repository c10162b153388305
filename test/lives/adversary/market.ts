import type { World } from '../../support/world.ts'
import { callAsOperator } from '../resident.ts'
import {
  ADDON_SLUGS,
  FIT,
  isAddon,
  METERED,
  termsOf,
  type Feature,
  type Item,
} from './price-list.ts'

/** A promotion code: half of the first invoice. */
export const CODE = 'HALF'
/** The plans that `catalogue.yaml` lacks, and the ranks. */
const OWN = [
  ['plan_notes_free', 0],
  ['plan_notes', 5],
  ['plan_api', 12],
  ...ADDON_SLUGS.map((slug) => [slug, 50] as const),
] as const satisfies readonly (readonly [Item, number])[]
/** The features that only they have. */
const FEATURES = { pages: 'page', reports: 'report', calls: 'call' } as const satisfies Partial<
  Record<Feature, string>
>

/** Events that say all that the others say; each one less is a request, a row and a signal less. */
const EVENTS = [
  'checkout.session.completed',
  'checkout.session.expired',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.voided',
  'charge.refunded',
  'charge.dispute.created',
] as const

const USAGE_PRICE = {
  feature: METERED.feature,
  model: 'per_unit',
  unit_amount_decimal: String(METERED.price),
}

/** Creates a promotion code, a plan with a usage price, two add-ons, and a second product line with a plan that is free and one with a trial. */
export async function openMarket(world: World): Promise<void> {
  const { stripe } = world
  for (const { id } of (await stripe.webhookEndpoints.list()).data)
    await stripe.webhookEndpoints.update(id, { enabled_events: [...EVENTS] })
  await stripe.coupons.create({ id: CODE, percent_off: 50, duration: 'once' })
  await stripe.promotionCodes.create({ code: CODE, promotion: { type: 'coupon', coupon: CODE } })
  for (const [code, unit] of Object.entries(FEATURES))
    await must(world, 'PUT', `/admin/features/${code}`, { name: `${unit}s`, type: 'metered', unit })
  for (const [slug, rank] of OWN) await publish(world, slug, rank)
  await world.container.pushCatalogue(world.clock.now())
}

async function publish(world: World, slug: Item, rank: number): Promise<void> {
  const { line, price, trialDays, limits, perUnit = [] } = termsOf(slug)
  await must(world, 'PUT', `/admin/plans/${slug}`, {
    name: slug,
    rank,
    product_line: line,
    ...(isAddon(slug) && { kind: 'addon', fits: FIT }),
  })
  const path = `/admin/plans/${slug}/versions`
  await must(world, 'POST', path, {
    period: 'monthly',
    price: { amount_minor: price, currency: 'usd' },
    trial_days: trialDays,
    features: Object.entries(limits).map(([code, limit]) => ({
      code,
      quota_limit: limit,
      ...(code !== 'seats' && { reset: 'period' }),
      ...(perUnit.some((each) => each === code) && { per_quantity: true }),
      ...(code === METERED.feature && { overage: 'bill' }),
    })),
    ...(slug === METERED.plan && { usage_prices: [USAGE_PRICE] }),
  })
  await must(world, 'PUT', `${path}/1/publication`, {})
}

async function must(world: World, method: string, path: string, body: unknown): Promise<void> {
  const reply = await callAsOperator(world, undefined, [method, path, body])
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(reply.body)}`)
}
