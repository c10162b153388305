import type { Kysely } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { CatalogueAct } from '../../domain/catalogue-repository.ts'
import type {
  CatalogueRefusal,
  CatalogueVersion,
  FieldProblem,
  Refused,
} from '../../domain/catalogue.ts'
import { TERMINAL } from '../../domain/subscription.ts'
import type { Database } from './schema.ts'

/** Versions with what they grant and how many have them. */
export const selectVersions = (db: Kysely<Database>) =>
  db
    .selectFrom('plan_versions as v')
    .innerJoin('plans as p', 'p.id', 'v.plan_id')
    .selectAll('v')
    .select((eb) => [
      'p.slug',
      jsonArrayFrom(
        eb
          .selectFrom('plan_features as pf')
          .innerJoin('features as f', 'f.id', 'pf.feature_id')
          .whereRef('pf.plan_version_id', '=', 'v.id')
          .select([
            'f.code',
            'pf.quota_limit',
            'pf.reset',
            'pf.overage',
            'pf.rollover_max',
            'pf.alert_thresholds',
          ])
          .orderBy('f.code'),
      ).as('features'),
      eb
        .selectFrom('subscriptions as s')
        .whereRef('s.plan_version_id', '=', 'v.id')
        .where('s.status', 'not in', TERMINAL)
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('subscribers'),
    ])
    .orderBy('v.version', 'desc')

type VersionRow = Awaited<ReturnType<ReturnType<typeof selectVersions>['execute']>>[number]

export const versionFromRow = (row: VersionRow): CatalogueVersion => ({
  id: row.id,
  slug: row.slug,
  version: row.version,
  state: row.retired_at !== null ? 'retired' : row.published_at !== null ? 'published' : 'draft',
  active: row.active,
  period: row.period,
  priceMinor: row.price_minor,
  currency: row.currency,
  trialDays: row.trial_days,
  features: row.features.map((each) => ({
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
  subscribers: row.subscribers ?? 0,
})

export type CatalogueRecord = {
  readonly kind: string
  readonly subject: string
  readonly before: object | null
  readonly after: object | null
}

/** Remembers a change, in the transaction that makes it. */
export async function recordChange(
  db: Kysely<Database>,
  { at, by }: CatalogueAct,
  { kind, subject, before, after }: CatalogueRecord,
): Promise<void> {
  await db
    .insertInto('catalogue_changes')
    .values({
      at,
      by,
      kind,
      subject,
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
    })
    .execute()
}

export const refuse = (
  because: CatalogueRefusal,
  detail: string,
  errors?: readonly FieldProblem[],
): Refused => ({ kind: 'refused', because, detail, ...(errors && { errors }) })

export const saved = <T>(value: T) => ({ kind: 'saved' as const, saved: value })
