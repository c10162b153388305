import type { CatalogueVersion } from '../../../domain/catalogue/catalogue.ts'
import type { FeatureTerms } from '../../../domain/catalogue/terms.ts'
import type { Row } from '../tables/schema.ts'
import { rowFromJson } from './instants.ts'

/** A version as the database says it in JSON, before its instants are dates. */
export type VersionRow = {
  readonly features: readonly {
    readonly code: string
    readonly quota_limit: number | null
    readonly reset: FeatureTerms['reset']
    readonly overage: FeatureTerms['overage']
    readonly rollover_max: number | null
    readonly alert_thresholds: readonly number[]
  }[]
  readonly slug: string
  readonly subscribers: number
}

export function versionFromRow(json: VersionRow): CatalogueVersion {
  const row = rowFromJson<Row<'plan_versions'>>(json)
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
