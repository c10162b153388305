import type { Transaction } from 'kysely'
import type { CatalogueAct, CustomOffer, VersionName } from '../../domain/catalogue-repository.ts'
import {
  problemsOfTerms,
  type CatalogueVersion,
  type Refused,
  type VersionTerms,
} from '../../domain/catalogue.ts'
import { derivedUuid } from '../derived-uuid.ts'
import { refuse } from './catalogue-rows.ts'
import type { Database } from './schema.ts'

type Tx = Transaction<Database>

type Creation = {
  readonly slug: string
  readonly terms: VersionTerms
  readonly offer: CustomOffer | null
  readonly act: CatalogueAct
}

/** A draft under the next number of its plan, which the caller holds. */
export async function createVersion(
  transaction: Tx,
  { slug, terms, offer, act }: Creation,
): Promise<VersionName | Refused> {
  const { id: plan_id, last } = await transaction
    .selectFrom('plans as p')
    .select((eb) => [
      'p.id',
      eb
        .selectFrom('plan_versions as v')
        .whereRef('v.plan_id', '=', 'p.id')
        .select((max) => max.fn.max('v.version').as('last'))
        .as('last'),
    ])
    .where('p.slug', '=', slug)
    .executeTakeFirstOrThrow()
  const of = { slug, version: (last ?? 0) + 1 }
  const id = derivedUuid(`plan/${slug}/${of.version}`)
  await transaction
    .insertInto('plan_versions')
    .values({
      id,
      plan_id,
      version: of.version,
      period: null,
      price_minor: null,
      currency: null,
      trial_days: 0,
      active: false,
      published_at: null,
      retired_at: null,
      custom_for: offer?.userId ?? null,
      custom_until: offer?.until ?? null,
      stripe_product_id: null,
      stripe_price_id: null,
      created_at: act.at,
    })
    .execute()
  const refused = await keepTerms(transaction, id, terms)
  // A refusal must leave no trace, and one may be part of something larger: its row goes with it.
  if (refused !== undefined) {
    await transaction.deleteFrom('plan_versions').where('id', '=', id).execute()
    return refused
  }
  return of
}

/** Writes what a draft promises, or says what is wrong with it. */
export async function keepTerms(
  transaction: Tx,
  id: string,
  terms: VersionTerms,
): Promise<Refused | undefined> {
  const known = await transaction.selectFrom('features').select(['id', 'code', 'type']).execute()
  const byCode = new Map(known.map((feature) => [feature.code, feature]))
  const problems = problemsOfTerms(terms, (code) => byCode.get(code)?.type)
  if (problems.length > 0)
    return refuse(
      'plan_version_invalid',
      `Not valid: ${problems.map(({ field }) => field).join(', ')}.`,
      problems,
    )
  const { period, priceMinor: price_minor, currency, trialDays: trial_days } = terms
  await clearTerms(transaction, id)
  await transaction
    .updateTable('plan_versions')
    .set({ period, price_minor, currency, trial_days })
    .where('id', '=', id)
    .execute()
  if (terms.features.length === 0) return undefined
  await transaction
    .insertInto('plan_features')
    .values(
      terms.features.map((feature) => ({
        plan_version_id: id,
        feature_id: byCode.get(feature.code)?.id ?? '',
        quota_limit: feature.quotaLimit,
        reset: feature.reset,
        overage: feature.overage,
        rollover_max: feature.rolloverMax,
        alert_thresholds: [...feature.alertThresholds],
      })),
    )
    .execute()
  return undefined
}

export async function clearTerms(transaction: Tx, id: string): Promise<void> {
  await transaction.deleteFrom('plan_features').where('plan_version_id', '=', id).execute()
}

/** Puts a version in the place of the one that the same people were offered before, in the same currency. */
export async function sell(transaction: Tx, version: CatalogueVersion): Promise<void> {
  await transaction
    .updateTable('plan_versions')
    .set({ active: false })
    .where('active', '=', true)
    .where('custom_for', 'is not distinct from', version.customFor)
    .$if(version.customFor === null, (query) => query.where('currency', '=', version.currency))
    .where('plan_id', '=', (eb) =>
      eb.selectFrom('plans').select('id').where('slug', '=', version.slug),
    )
    .execute()
  await transaction
    .updateTable('plan_versions')
    .set({ active: true })
    .where('id', '=', version.id)
    .execute()
}
