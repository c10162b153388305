import type { CatalogueVersion } from '../../../domain/catalogue/catalogue.ts'
import { usagePriceFrom } from '../../catalogue/usage-price-json.ts'
import type { CatalogueVersionJson } from './catalogue-json.ts'
import { tableRowFromJson } from './table-row-from-json.ts'

/** A plan version from the JSON of the catalogue’s SQL functions. Its state is read from its two instants. */
export function versionFromJson(json: CatalogueVersionJson): CatalogueVersion {
  const row = tableRowFromJson('plan_versions', json)
  return {
    id: row.id,
    slug: json.slug,
    version: row.version,
    state: row.retired_at !== null ? 'retired' : row.published_at !== null ? 'published' : 'draft',
    active: row.active,
    period: row.period,
    priceMinor: row.price_minor,
    currency: row.currency,
    trialDays: row.trial_days,
    features: json.features.map((each) => ({
      code: each.code,
      quotaLimit: each.quota_limit,
      reset: each.reset,
      overage: each.overage,
      rolloverMax: each.rollover_max,
      alertThresholds: each.alert_thresholds,
      settle: each.settle,
      perQuantity: each.per_quantity,
      usagePrice: each.usage_price && usagePriceFrom(each.usage_price),
    })),
    customFor: row.custom_for,
    customUntil: row.custom_until,
    stripePriceId: row.stripe_price_id,
    publishedAt: row.published_at,
    retiredAt: row.retired_at,
    createdAt: row.created_at,
    subscribers: json.subscribers,
  }
}
