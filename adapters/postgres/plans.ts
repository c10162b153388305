import { sql, type Kysely, type NotNull } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { isUuid } from '../../domain/ids.ts'
import { money } from '../../domain/money.ts'
import type { PlanVersion } from '../../domain/plan.ts'
import type { PlanRepository } from '../../domain/repositories.ts'
import type { Database } from './schema.ts'

/** Published versions never change, so they are kept; more of them than this are read again. */
const CACHED_VERSIONS_MAX = 1_000
/** A plan's name and rank, which a version carries along, may change: they are known everywhere this soon. */
const CACHED_MS = 30_000

export function createPlanRepository(db: Kysely<Database>): PlanRepository {
  const versions = new Map<string, { readonly version: PlanVersion; readonly until: number }>()
  const remember = (version: PlanVersion) => {
    if (versions.size >= CACHED_VERSIONS_MAX) versions.clear()
    versions.set(version.id, { version, until: performance.now() + CACHED_MS })
    return version
  }
  const onSale = () => select(db).where('v.active', '=', true)
  const onSaleToAll = () => onSale().where('v.custom_for', 'is', null)

  return {
    async listActive() {
      const rows = await onSaleToAll()
        .orderBy('p.rank')
        .orderBy('p.slug')
        .orderBy(isFirstCurrency, 'desc')
        .orderBy('v.currency')
        .execute()
      return rows.map(planVersionFromRow)
    },

    async findActive(slugOrId, currency = '') {
      const row = await onSaleToAll()
        .where(nameOf(slugOrId), '=', slugOrId)
        .orderBy(sql`v.currency = ${currency}`, 'desc')
        .orderBy(isFirstCurrency, 'desc')
        .orderBy('v.currency')
        .executeTakeFirst()
      return row === undefined ? undefined : planVersionFromRow(row)
    },

    async findOffered(slugOrId, { userId, at, currency = '' }) {
      const row = await onSale()
        .where(nameOf(slugOrId), '=', slugOrId)
        .where((eb) =>
          eb.or([
            eb('v.custom_for', 'is', null),
            eb.and([
              eb('v.custom_for', '=', userId),
              eb.or([eb('v.custom_until', 'is', null), eb('v.custom_until', '>', at)]),
            ]),
          ]),
        )
        .orderBy(sql`v.custom_for is null`)
        .orderBy(sql`v.currency = ${currency}`, 'desc')
        .orderBy(isFirstCurrency, 'desc')
        .orderBy('v.currency')
        .executeTakeFirst()
      return row === undefined ? undefined : planVersionFromRow(row)
    },

    async getVersion(planVersionId) {
      const known = versions.get(planVersionId)
      if (known !== undefined && performance.now() < known.until) return known.version
      const row = await select(db).where('v.id', '=', planVersionId).executeTakeFirstOrThrow()
      return remember(planVersionFromRow(row))
    },

    async findByStripePrice(stripePriceId) {
      const row = await select(db)
        .where((eb) =>
          eb.or([
            eb('v.stripe_price_id', '=', stripePriceId),
            eb(
              'v.id',
              'in',
              eb
                .selectFrom('stripe_prices')
                .select('plan_version_id')
                .where('price_id', '=', stripePriceId),
            ),
          ]),
        )
        .executeTakeFirst()
      return row === undefined ? undefined : planVersionFromRow(row)
    },

    async recordStripeIds(planVersionId, { productId, priceId }) {
      await db
        .updateTable('plan_versions')
        .set({ stripe_product_id: productId, stripe_price_id: priceId })
        .where('id', '=', planVersionId)
        .execute()
      versions.delete(planVersionId)
    },
  }
}

/** A plan's first currency is the one of the first version that was published for all. */
const isFirstCurrency = sql`v.currency = (
  select first.currency from plan_versions first
  where first.plan_id = v.plan_id and first.published_at is not null and first.custom_for is null
  order by first.version limit 1)`

const nameOf = (slugOrId: string) => (isUuid(slugOrId) ? 'p.id' : 'p.slug')

const select = (db: Kysely<Database>) =>
  db
    .selectFrom('plan_versions as v')
    .innerJoin('plans as p', 'p.id', 'v.plan_id')
    .where('v.published_at', 'is not', null)
    .select((eb) => [
      'v.id',
      'v.plan_id',
      'v.version',
      'v.period',
      'v.price_minor',
      'v.currency',
      'v.trial_days',
      'v.stripe_price_id',
      'p.slug',
      'p.name',
      'p.product_line',
      'p.rank',
      jsonArrayFrom(
        eb
          .selectFrom('plan_features as pf')
          .innerJoin('features as f', 'f.id', 'pf.feature_id')
          .whereRef('pf.plan_version_id', '=', 'v.id')
          .select([
            'f.id',
            'f.code',
            'f.type',
            'f.unit',
            'pf.quota_limit',
            'pf.reset',
            'pf.overage',
            'pf.rollover_max',
          ])
          .orderBy('f.code'),
      ).as('features'),
    ])
    .$narrowType<{ period: NotNull; price_minor: NotNull; currency: NotNull }>()

type PlanVersionRow = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

const planVersionFromRow = (row: PlanVersionRow): PlanVersion => ({
  id: row.id,
  planId: row.plan_id,
  slug: row.slug,
  name: row.name,
  productLine: row.product_line,
  rank: row.rank,
  version: row.version,
  period: row.period,
  price: money(row.price_minor, row.currency),
  trialDays: row.trial_days,
  stripePriceId: row.stripe_price_id,
  features: row.features.map((feature) => ({
    featureId: feature.id,
    code: feature.code,
    type: feature.type,
    unit: feature.unit,
    quotaLimit: feature.quota_limit,
    reset: feature.reset,
    overage: feature.overage,
    rolloverMax: feature.rollover_max,
  })),
})
