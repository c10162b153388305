import type { PlanFeature, PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { FeatureTerms } from '../../../domain/catalogue/terms.ts'
import type { UsagePriceJson } from '../../catalogue/usage-price-json.ts'
import type { Row } from '../tables/schema.ts'
import type { Stored } from './stored.ts'

/** A version as operators see it: `catalogue_version_as_json`. */
export type CatalogueVersionJson = Stored<Row<'plan_versions'>> & {
  readonly features: readonly {
    readonly code: string
    readonly quota_limit: number | null
    readonly reset: FeatureTerms['reset']
    readonly overage: FeatureTerms['overage']
    readonly rollover_max: number | null
    readonly alert_thresholds: readonly number[]
    readonly settle: FeatureTerms['settle']
    readonly per_quantity: boolean
    readonly usage_price: UsagePriceJson | null
  }[]
  readonly slug: string
  readonly subscribers: number
}

/** A published version: `plan_version_as_json`. */
export type PlanVersionJson = {
  readonly id: string
  readonly plan_id: string
  readonly version: number
  readonly period: PlanVersion['period']
  readonly price_minor: number
  readonly currency: string
  readonly trial_days: number
  readonly stripe_price_id: string | null
  readonly slug: string
  readonly name: string
  readonly product_line: string
  readonly rank: number
  readonly kind: PlanVersion['kind']
  readonly fits: readonly string[] | null
  readonly is_offer: boolean
  readonly offer_ends_at: string | null
  readonly features: readonly {
    readonly id: string
    readonly code: string
    readonly name: string
    readonly type: PlanFeature['type']
    readonly unit: string | null
    readonly quota_limit: number | null
    readonly reset: PlanFeature['reset']
    readonly overage: PlanFeature['overage']
    readonly rollover_max: number | null
    readonly per_quantity: boolean
    readonly meter: string
    readonly usage_price: UsagePriceJson | null
  }[]
}
