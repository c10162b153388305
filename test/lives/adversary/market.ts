import type { World } from '../../support/world.ts'
import { callAsOperator } from '../resident.ts'
import { PLANS, type Slug, type Terms } from './price-list.ts'

/** A promotion code: half of the first invoice. */
export const CODE = 'HALF'
/** The plans that `catalogue.yaml` does not contain, and their ranks. */
const OWN = [
  ['plan_notes_free', 0],
  ['plan_notes', 5],
] as const satisfies readonly (readonly [Slug, number])[]

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

/** Creates a promotion code, and a second product line with a plan that is free and one with a trial. */
export async function openMarket(world: World): Promise<void> {
  const { stripe } = world
  for (const { id } of (await stripe.webhookEndpoints.list()).data)
    await stripe.webhookEndpoints.update(id, { enabled_events: [...EVENTS] })
  await stripe.coupons.create({ id: CODE, percent_off: 50, duration: 'once' })
  await stripe.promotionCodes.create({ code: CODE, promotion: { type: 'coupon', coupon: CODE } })
  await must(world, 'PUT', '/admin/features/pages', {
    name: 'Pages',
    type: 'metered',
    unit: 'page',
  })
  for (const [slug, rank] of OWN) await publish(world, slug, rank)
}

async function publish(world: World, slug: Slug, rank: number): Promise<void> {
  const { line, price, trialDays, limits }: Terms = PLANS[slug]
  await must(world, 'PUT', `/admin/plans/${slug}`, { name: slug, rank, product_line: line })
  const path = `/admin/plans/${slug}/versions`
  await must(world, 'POST', path, {
    period: 'monthly',
    price: { amount_minor: price, currency: 'usd' },
    trial_days: trialDays,
    features: Object.entries(limits).map(([code, limit]) => ({
      code,
      quota_limit: limit,
      reset: 'period',
    })),
  })
  await must(world, 'PUT', `${path}/1/publication`, {})
}

async function must(world: World, method: string, path: string, body: unknown): Promise<void> {
  const reply = await callAsOperator(world, undefined, [method, path, body])
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(reply.body)}`)
}
