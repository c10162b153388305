import type { Generated, JSONColumnType } from 'kysely'
import type { Period } from '../../../domain/catalogue/period.ts'
import type { Instant } from './instant-column.ts'

/** A plan. `rank` orders the plans of a product line, from less to more. */
export type PlansTable = {
  id: string
  slug: string
  name: string
  product_line: string
  rank: number
  kind: Generated<'base' | 'addon'>
  /** The base plans of an add-on; null is every one of its product line. */
  fits: string[] | null
  auto_attach: Generated<boolean>
  created_at: Instant
}

/** A version of a plan: a draft, or published and then immutable. */
export type PlanVersionsTable = {
  id: string
  plan_id: string
  version: number
  /** Null, like the price and the currency, only in a draft. */
  period: Period | null
  price_minor: number | null
  currency: string | null
  trial_days: number
  active: Generated<boolean>
  published_at: Instant | null
  retired_at: Instant | null
  custom_for: string | null
  custom_until: Instant | null
  stripe_product_id: string | null
  stripe_price_id: string | null
  created_at: Instant
}

/** A feature that plans grant. */
export type FeaturesTable = {
  id: string
  code: string
  name: string
  type: 'boolean' | 'metered' | 'allocated'
  unit: string | null
  meter_event_name: string | null
}

/** A change of the catalogue. Rows never change. */
export type CatalogueChangesTable = {
  id: Generated<number>
  at: Instant
  by: string
  kind: string
  subject: string
  before: JSONColumnType<object> | null
  after: JSONColumnType<object> | null
}

/** A feature of a plan version. A null `quota_limit` is unlimited. */
export type PlanFeaturesTable = {
  plan_version_id: string
  feature_id: string
  quota_limit: number | null
  reset: 'hour' | 'day' | 'week' | 'month' | 'period' | 'never'
  overage: 'refuse' | 'allow' | 'bill'
  alert_thresholds: Generated<number[]>
  settle: Generated<'strict' | 'overflow' | null>
  rollover_max: number | null
  /** The limit is that of one unit. */
  per_quantity: Generated<boolean>
  usage_price: JSONColumnType<object> | null
}
