import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { grantedFields, termsFields, termsOfFeature } from '../../adapters/catalogue/terms.ts'
import {
  FEATURES_MAX,
  SLUG,
  VERSION_STATES,
  type CatalogueVersion,
  type FeatureDefinition,
  type Refused,
  type VersionTerms,
} from '../../domain/catalogue/catalogue.ts'
import { OVERAGES, PERIODS, RESETS } from '../../domain/catalogue/plan.ts'
import type { ApiEnvironment } from '../environment.ts'
import { problem, problemResponses } from '../problem.ts'
import { instant } from './request.ts'

export const slugField = z
  .string()
  .regex(SLUG, 'a to z, 0 to 9 and _, beginning with a letter, at most 64')
export const versionField = z.coerce.number().int().min(1).max(1_000_000)
export const versionParameters = z.object({ slug: slugField, version: versionField })

/** What may be said of a version; a draft may leave out all of it. */
export const draftFields = {
  period: termsFields.period.nullable().default(null),
  price: termsFields.price.nullable().default(null),
  trial_days: termsFields.trial_days,
  features: z
    .array(z.strictObject({ code: slugField, ...grantedFields }))
    .max(FEATURES_MAX)
    .default([]),
} as const
export const termsRequest = z.strictObject(draftFields).openapi('PlanVersionRequest')

/** What was asked for, with what is usual for each feature; one that does not exist is found out later. */
export function termsFrom(
  request: z.infer<typeof termsRequest>,
  known: readonly FeatureDefinition[],
): VersionTerms {
  const typeOf = (code: string) => known.find((each) => each.code === code)?.type ?? 'metered'
  return {
    period: request.period,
    priceMinor: request.price?.amount_minor ?? null,
    currency: request.price?.currency ?? null,
    trialDays: request.trial_days,
    features: request.features.map(({ code, ...written }) =>
      termsOfFeature(code, typeOf(code), written),
    ),
  }
}

export const versionSchema = z
  .object({
    id: z.uuid(),
    plan: z.string(),
    version: z.int(),
    state: z.enum(VERSION_STATES),
    on_sale: z.boolean().describe('Who buys the plan now gets this version.'),
    subscribers: z.int().describe('Live subscriptions that have it: they keep it.'),
    period: z.enum(PERIODS).nullable(),
    price: z.object({ amount_minor: z.int(), currency: z.string() }).nullable(),
    trial_days: z.int(),
    features: z.array(
      z.object({
        code: z.string(),
        quota_limit: z.int().nullable().describe('Null is unlimited.'),
        reset: z.enum(RESETS),
        overage: z.enum(OVERAGES),
        rollover_max: z.int().nullable(),
        alert_thresholds: z.array(z.int()),
      }),
    ),
    custom_for: z.string().nullable().describe('The one user that it is offered to.'),
    custom_until: instant.nullable(),
    stripe_price_id: z.string().nullable(),
    published_at: instant.nullable(),
    retired_at: instant.nullable(),
    created_at: instant,
  })
  .openapi('PlanVersion')

export const viewOfVersion = (version: CatalogueVersion): z.infer<typeof versionSchema> => ({
  id: version.id,
  plan: version.slug,
  version: version.version,
  state: version.state,
  on_sale: version.active,
  subscribers: version.subscribers,
  period: version.period,
  price:
    version.priceMinor === null || version.currency === null
      ? null
      : { amount_minor: version.priceMinor, currency: version.currency },
  trial_days: version.trialDays,
  features: version.features.map((each) => ({
    code: each.code,
    quota_limit: each.quotaLimit,
    reset: each.reset,
    overage: each.overage,
    rollover_max: each.rolloverMax,
    alert_thresholds: [...each.alertThresholds],
  })),
  custom_for: version.customFor,
  custom_until: version.customUntil?.toISOString() ?? null,
  stripe_price_id: version.stripePriceId,
  published_at: version.publishedAt?.toISOString() ?? null,
  retired_at: version.retiredAt?.toISOString() ?? null,
  created_at: version.createdAt.toISOString(),
})

/** What each reading of the catalogue may answer besides. */
export const readProblems = problemResponses(
  'unauthenticated',
  'forbidden',
  'plan_not_found',
  'invalid_request',
  'database_unavailable',
)

/** What each change of the catalogue may answer besides. */
export const changeProblems = problemResponses(
  'malformed_json',
  'unauthenticated',
  'forbidden',
  'plan_not_found',
  'plan_version_not_found',
  'feature_not_found',
  'plan_in_use',
  'plan_version_published',
  'plan_version_in_use',
  'plan_version_not_published',
  'plan_version_retired',
  'feature_in_use',
  'plan_version_invalid',
  'plan_version_incomplete',
  'invalid_request',
  'idempotency_key_reused',
  'database_unavailable',
)

/** A refusal as a problem: its code, the fix, and each field that is wrong. */
export const refusal = (c: Context<ApiEnvironment>, { because, detail, errors }: Refused) =>
  problem(c, because, detail, errors === undefined ? {} : { errors: [...errors] })
