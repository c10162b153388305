import type { StripePriceRepository } from '../../../domain/stripe/price.ts'
import type { Operations } from '../operations/port.ts'
import { mappedPriceFromRow } from '../postgres/stripe-prices.ts'
import type { Tables } from './rows.ts'

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
    const rows = await tables.list('stripe_prices', (from) =>
      from.select().order('created_at', { ascending: false }).order('price_id').limit(limit),
    )
    return rows.map(mappedPriceFromRow)
  },
})
