import { askOperator } from './migrations.ts'
import type { World } from './world.ts'

/** Publishes a monthly add-on in US dollars that adds 1,000 messages per unit. */
export async function anAddon(world: World, slug: string, amount_minor: number, name = slug) {
  await askOperator(world, 'PUT', `/plans/${slug}`, { name, rank: 50, kind: 'addon' })
  await askOperator(world, 'POST', `/plans/${slug}/versions`, {
    period: 'monthly',
    price: { amount_minor, currency: 'usd' },
    features: [{ code: 'messages_sent', quota_limit: 1_000, per_quantity: true }],
  })
  const published = await askOperator(world, 'PUT', `/plans/${slug}/versions/1/publication`, {})
  if (published.status !== 200) throw new Error(`not published: ${slug}`)
}
