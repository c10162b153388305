import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { FEATURE_TYPES, OVERAGES, PERIODS, RESETS, type PlanVersion } from '../../domain/plan.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { problemResponses } from '../problem.ts'

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
  method: 'get',
  path: '/plans',
  tags: ['Plans'],
  summary: 'The plans on sale',
  security: [],
  responses: {
    200: {
      description: 'All plans that a new subscription can choose, by rank.',
      content: { 'application/json': { schema: z.object({ plans: z.array(planSchema) }) } },
    },
    ...problemResponses('database_unavailable'),
  },
})

export const listPlans = ({ repositories }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>().openapi(route, async (c) => {
    const plans = await repositories.plans.listActive()
    return c.json({ plans: plans.map(viewOfPlan) }, 200)
  })

const viewOfPlan = (plan: PlanVersion): z.infer<typeof planSchema> => ({
  id: plan.planId,
  slug: plan.slug,
  name: plan.name,
  version: plan.version,
  period: plan.period,
  price: { amount_minor: plan.price.amountMinor, currency: plan.price.currency },
  trial_days: plan.trialDays,
  features: plan.features.map((feature) => ({
    code: feature.code,
    type: feature.type,
    quota_limit: feature.quotaLimit,
    reset: feature.reset,
    overage: feature.overage,
  })),
})
