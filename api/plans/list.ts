import { OpenAPIHono, z } from '@hono/zod-openapi'
import {
  FEATURE_TYPES,
  OVERAGES,
  PERIODS,
  RESETS,
  type PlanVersion,
} from '../../domain/catalogue/plan.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { currencyField } from './fields.ts'
import { validationHook } from '../validation.ts'
import { createRoute } from '../route.ts'

/** An amount of money. */
export const priceSchema = z
  .object({
    amount_minor: z.int().describe('In minor units: 2000 is $20.00.'),
    currency: z.string(),
  })
  .openapi('Price')

const planSchema = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    version: z.int(),
    period: z.enum(PERIODS),
    price: priceSchema,
    currencies: z
      .array(z.string())
      .describe('The currencies in which the plan is sold, its default first.'),
    trial_days: z.int(),
    features: z.array(
      z.object({
        code: z.string(),
        type: z.enum(FEATURE_TYPES),
        quota_limit: z.int().nullable().describe('Null is unlimited.'),
        reset: z.enum(RESETS),
        overage: z.enum(OVERAGES),
      }),
    ),
  })
  .openapi('Plan')

const route = createRoute({
  operationId: 'listPlans',
  callers: 'anyone',
  method: 'get',
  path: '/plans',
  tags: ['Plans'],
  summary: 'List the plans on sale',
  request: {
    query: z.object({
      currency: currencyField
        .optional()
        .describe(
          'Returns each plan in this currency; a plan that is not sold in it, in its default currency.',
        ),
    }),
  },
  responses: {
    200: {
      description: 'All plans for new subscriptions, by rank.',
      content: jsonContent(z.object({ plans: z.array(planSchema) })),
    },
    ...problemResponses('invalid_request', 'database_unavailable'),
  },
})

/** The plans on sale. The call is public. */
export const listPlans = ({ repositories }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const { currency } = c.req.valid('query')
    const sold = new Map<string, PlanVersion[]>()
    for (const each of await repositories.plans.listActive())
      sold.set(each.planId, [...(sold.get(each.planId) ?? []), each])
    const plans = [...sold.values()].flatMap((versions) => {
      const wanted = versions.find(({ price }) => price.currency === currency) ?? versions[0]
      const currencies = versions.map(({ price }) => price.currency)
      return wanted === undefined ? [] : [viewOfPlan(wanted, currencies)]
    })
    return c.json({ plans }, 200)
  })

const viewOfPlan = (plan: PlanVersion, currencies: string[]): z.infer<typeof planSchema> => ({
  id: plan.planId,
  slug: plan.slug,
  name: plan.name,
  version: plan.version,
  period: plan.period,
  price: { amount_minor: plan.price.amountMinor, currency: plan.price.currency },
  currencies,
  trial_days: plan.trialDays,
  features: plan.features.map((feature) => ({
    code: feature.code,
    type: feature.type,
    quota_limit: feature.quotaLimit,
    reset: feature.reset,
    overage: feature.overage,
  })),
})
