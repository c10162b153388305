import type { CataloguePlan } from '../../../domain/catalogue/catalogue.ts'
import type { Overage } from '../../../domain/catalogue/plan.ts'
import type { KnownFeature } from '../../../domain/catalogue/draft.ts'
import type { Period } from '../../../domain/catalogue/period.ts'
import type { StoredLetter } from '../../../domain/customer/letter-repository.ts'
import type { MigrationReport } from '../../../domain/migration/repository.ts'
import type { HotSpot, Overview } from '../../../domain/operator/figures.ts'
import type { CataloguePush } from '../../../domain/stripe/catalogue-at-stripe.ts'
import type { DriftKind } from '../../../domain/stripe/drift.ts'
import type { Status } from '../../../domain/subscription/subscription.ts'
import type {
  ExtraRefusal,
  OverrideRefusal,
  Grant,
  Override,
} from '../../../domain/usage/extras.ts'
import type { Reservation } from '../../../domain/usage/reservation.ts'
import type { Row } from '../tables/schema.ts'
import type { StoredSecret } from '../tables/webhook-tables.ts'
import type { CatalogueVersionJson, PlanVersionJson } from './catalogue-json.ts'
import type { Stored } from './stored.ts'

/**
 * The facts about operations that Postgres does not know: which words a `text` is one of, and the shape of `jsonb`. By operation, then
 * by column or argument; `value` and `values` are results without columns. All else is generated, and null stays possible
 * where the generated type has it.
 */
export type ColumnTypes = {
  billing_overview: { value: StoredOverview }
  check_usage: { overage: Overage }
  claim_catalogue_pushes: { kind: CataloguePush['kind'] }
  claim_notices: Pick<StoredLetter, 'kind' | 'content'>
  claim_webhook_deliveries: { secrets: readonly StoredSecret[] }
  count_drift: { kind: DriftKind }
  create_plan_migration: { value: 'created' | 'repeated' | 'outdated' }
  /** The text of `list_overage_due`, which is exact to the microsecond. */
  cut_overage_report: { p_start: string }
  export_customers: { status: Status }
  find_plan_version: { values: PlanVersionJson }
  grant_to_subscription: { value: GrantReply }
  grant_usage: { value: GrantReply }
  hold_usage: HoldWords
  list_auto_attached_plans: { values: PlanVersionJson }
  list_catalogue_offers: { values: CatalogueVersionJson }
  list_plan_migrations: { values: { readonly sources: readonly string[] } }
  list_plans_on_sale: { values: PlanVersionJson }
  list_usage_grants: { values: Stored<Grant> }
  list_usage_overrides: { values: Stored<Override> }
  list_webhook_deliveries: Pick<Row<'webhook_deliveries'>, 'state'>
  read_catalogue: { value: CatalogueJson }
  remove_usage_override: { value: Stored<Override> }
  report_plan_migration: { value: MigrationReport }
  revoke_api_key: { outcome: 'revoked' | 'last_operator' }
  revoke_usage_grant: { value: Stored<Grant> }
  search_subscriptions: { status: Status; plan_period: Period }
  set_usage_override: { value: OverrideReply }
  switch_feature: { value: OverrideReply }
  settle_reservation: HoldWords
}

type Refused = { readonly kind: 'refused'; readonly because: ExtraRefusal }
type GrantReply = Refused | { readonly kind: 'granted'; readonly grant: Stored<Grant> }
/** The result of `set_usage_override` and `switch_feature`. */
export type OverrideReply =
  | { readonly kind: 'refused'; readonly because: OverrideRefusal }
  | { readonly kind: 'set'; readonly override: Stored<Override> }

type HoldWords = { outcome: 'allowed' | 'refused'; state: Reservation['state'] }

type StoredOverview = Omit<Overview, 'hotSpots'> & { readonly hotSpots: readonly Stored<HotSpot>[] }

type CatalogueJson = {
  readonly revision: number
  readonly features: readonly KnownFeature[]
  readonly plans: readonly (Omit<CataloguePlan, 'versions'> & {
    readonly versions: readonly CatalogueVersionJson[]
  })[]
}
