import type { Kysely } from 'kysely'
import type { MappedPrice, StripePriceRepository } from '../../../domain/stripe/price.ts'
import type { Database, Row } from '../tables/schema.ts'

export function createStripePriceRepository(db: Kysely<Database>): StripePriceRepository {
  return {
    async map({ priceId, planVersionId, createdAt }) {
      await db
        .insertInto('stripe_prices')
        .values({ price_id: priceId, plan_version_id: planVersionId, created_at: createdAt })
        .onConflict((conflict) =>
          conflict.column('price_id').doUpdateSet({ plan_version_id: planVersionId }),
        )
        .execute()
    },

    async list(limit) {
      const rows = await db
        .selectFrom('stripe_prices')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('price_id')
        .limit(limit)
        .execute()
      return rows.map(mappedPriceFromRow)
    },
  }
}

export const mappedPriceFromRow = (row: Row<'stripe_prices'>): MappedPrice => ({
  priceId: row.price_id,
  planVersionId: row.plan_version_id,
  createdAt: row.created_at,
})
