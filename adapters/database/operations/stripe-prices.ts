import type { MappedPrice, StripePriceRepository } from '../../../domain/stripe/price.ts'
import type { Row } from '../tables/schema.ts'
import type { Operations } from './port.ts'
import type { Tables } from './tables.ts'

/** Prices made at Stripe that are mapped to a plan version, in the table `stripe_prices`. */
export const createStripePriceRepository = (
  tables: Tables,
  operations: Operations,
): StripePriceRepository => ({
  map: ({ priceId, planVersionId, createdAt }) =>
    operations.run('map_stripe_price', {
      p_price: priceId,
      p_version: planVersionId,
      p_now: createdAt,
    }),

  async list(limit) {
    const orderBy = ['created_at desc', 'price_id'] as const
    return (await tables.list('stripe_prices', { orderBy, limit })).map(mappedPriceFromRow)
  },
})

const mappedPriceFromRow = (row: Row<'stripe_prices'>): MappedPrice => ({
  priceId: row.price_id,
  planVersionId: row.plan_version_id,
  createdAt: row.created_at,
})
