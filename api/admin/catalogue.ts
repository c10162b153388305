import { SETTLE_POLICIES } from '../../domain/usage/reservation.ts'
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  grantedFields,
  periodField,
  termsFields,
  termsOfFeature,
} from '../../adapters/catalogue/terms.ts'
import {
  VERSION_STATES,
  type CatalogueVersion,
  type FeatureDefinition,
  type Refused,
} from '../../domain/catalogue/catalogue.ts'
import { FEATURES_MAX, SLUG, SLUG_RULE, type VersionTerms } from '../../domain/catalogue/terms.ts'
import { viewOfPeriod } from '../../domain/catalogue/period.ts'
import { OVERAGES, RESETS } from '../../domain/catalogue/plan.ts'
import {
  NOT_GRANTED,
  refineUsagePrice,
  usagePriceFields,
  withUsagePrices,
} from '../../adapters/catalogue/usage-prices.ts'
import { USAGE_PRICES_MAX } from '../../domain/catalogue/usage-price-problems.ts'
import { usagePricesSchema, usagePricesView } from '../plans/usage-prices.ts'
import type { ApiEnvironment } from '../environment.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses, type ProblemExtras } from '../problem.ts'
import { instant } from './request.ts'
import { requestObject } from '../request-object.ts'

/** The slug of a plan or the code of a feature. */
export const slugField = z.string().regex(SLUG, SLUG_RULE)
/** The number of a plan version, counted from 1. */
export const versionField = z.coerce.number().int().min(1).max(1_000_000)
/** The path of a plan version, such as `plan_pro/2`. */
export const versionParameters = z.object({ slug: slugField, version: versionField })

/** The terms of a version. In a draft each of them is optional. */
export const draftFields = {
  period: termsFields.period.nullable().default(null),
  price: termsFields.price.nullable().default(null),
  trial_days: termsFields.trial_days,
  features: z
    .array(requestObject({ code: slugField, ...grantedFields }))
    .max(FEATURES_MAX)
    .default([]),
  usage_prices: z
    .array(requestObject({ feature: slugField, ...usagePriceFields }).superRefine(refineUsagePrice))
    .max(USAGE_PRICES_MAX)
    .default([])
    .describe(
      'The prices of usage beyond the limit, for metered features with `overage: bill`, in the currency of `price`.',
    ),
} as const

type PricedRequest = {
  readonly features: readonly { readonly code: string }[]
  readonly usage_prices: readonly { readonly feature: string }[]
}

/** Refuses a usage price of a feature that the version does not grant, and a second one of the same feature. */
export function refineUsagePrices(
  { features, usage_prices: prices }: PricedRequest,
  context: z.RefinementCtx,
): void {
  for (const [index, { feature }] of prices.entries()) {
    const path = ['usage_prices', index, 'feature']
    if (!features.some(({ code }) => code === feature))
      context.addIssue({ code: 'custom', path, message: NOT_GRANTED })
    if (prices.findIndex((each) => each.feature === feature) !== index)
      context.addIssue({ code: 'custom', path, message: 'is priced twice' })
  }
}

/** The body that creates or replaces a draft. */
export const termsRequest = requestObject(draftFields)
  .superRefine(refineUsagePrices)
  .openapi('PlanVersionRequest')

/** The terms of a request, with each feature's defaults. The repository refuses features that do not exist. */
export function termsFrom(
  request: z.infer<typeof termsRequest>,
  features: readonly FeatureDefinition[],
): VersionTerms {
  const typeOf = (code: string) => features.find((each) => each.code === code)?.type ?? 'metered'
  return {
    period: request.period,
    priceMinor: request.price?.amount_minor ?? null,
    currency: request.price?.currency ?? null,
    trialDays: request.trial_days,
    features: withUsagePrices(
      request.features.map(({ code, ...written }) => termsOfFeature(code, typeOf(code), written)),
      new Map(request.usage_prices.map(({ feature, ...price }) => [feature, price])),
    ),
  }
}

/** A plan version for operators. */
export const versionSchema = z
  .object({
    id: z.uuid(),
    plan: z.string(),
    version: z.int(),
    state: z.enum(VERSION_STATES),
    on_sale: z.boolean().describe('Whether new customers of the plan get this version.'),
    subscribers: z.int().describe('The number of live subscriptions with this version.'),
    period: periodField.nullable(),
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
        settle: z
          .enum(SETTLE_POLICIES)
          .nullable()
          .describe('Of reservations above what is left; null is the deployment’s policy.'),
        per_quantity: z.boolean(),
      }),
    ),
    usage_prices: usagePricesSchema,
    custom_for: z.string().nullable().describe('The only user who can get this version.'),
    custom_until: instant.nullable(),
    stripe_price_id: z.string().nullable(),
    published_at: instant.nullable(),
    retired_at: instant.nullable(),
    created_at: instant,
  })
  .openapi('PlanVersion')

/** @returns a plan version in JSON. */
export const viewOfVersion = (version: CatalogueVersion): z.infer<typeof versionSchema> => ({
  id: version.id,
  plan: version.slug,
  version: version.version,
  state: version.state,
  on_sale: version.active,
  subscribers: version.subscribers,
  period: version.period && viewOfPeriod(version.period),
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
    settle: each.settle,
    per_quantity: each.perQuantity,
  })),
  usage_prices: usagePricesView(version.features),
  custom_for: version.customFor,
  custom_until: version.customUntil?.toISOString() ?? null,
  stripe_price_id: version.stripePriceId,
  published_at: version.publishedAt?.toISOString() ?? null,
  retired_at: version.retiredAt?.toISOString() ?? null,
  created_at: version.createdAt.toISOString(),
})

/** The problems of every call that reads the catalogue. */
export const readProblems = problemResponses('plan_not_found', ...OPERATOR_PROBLEMS)

/** The problems of every call that changes the catalogue. */
export const changeProblems = problemResponses(
  'malformed_json',
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
  'idempotency_key_reused',
  ...OPERATOR_PROBLEMS,
)

/** The problem of a refused change, with each field that is wrong. */
export const refusal = (c: Context<ApiEnvironment>, refused: Refused) =>
  problem(c, refused.because, refused.detail, fieldErrors(refused))

/** @returns the wrong fields of a refused change, for a problem. */
export const fieldErrors = ({ errors }: Refused): ProblemExtras =>
  errors === undefined ? {} : { errors: [...errors] }

/** The changed version, or the problem of a refused change. */
export const answerVersion = (
  c: Context<ApiEnvironment>,
  outcome: Refused | { readonly kind: 'saved'; readonly saved: CatalogueVersion },
) => (outcome.kind === 'refused' ? refusal(c, outcome) : c.json(viewOfVersion(outcome.saved), 200))

/** The problem of an unknown plan version. */
export const versionMissing = (
  c: Context<ApiEnvironment>,
  { slug, version }: { readonly slug: string; readonly version: number },
) => problem(c, 'plan_version_not_found', `There is no version ${version} of \`${slug}\`.`)
