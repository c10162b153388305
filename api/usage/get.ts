import { OpenAPIHono, z } from '@hono/zod-openapi'
import { FEATURE_TYPES, type PlanVersion } from '../../domain/catalogue/plan.ts'
import { FOREVER } from '../../domain/usage/quota-window.ts'
import type { FeatureUsage } from '../../domain/usage/repository.ts'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { productLineField } from '../plans/fields.ts'
import { validationHook } from '../validation.ts'
import { beginByItself, mayBeginFor } from './auto-attach.ts'
import { estimateSchema, readEstimate, viewOfEstimate } from './estimate.ts'
import { counterFields, viewOfCounter } from './view.ts'
import { createRoute } from '../route.ts'

const instant = z.iso.datetime()

const usageSchema = z
  .object({
    subscription_id: z.uuid(),
    plan: z.string(),
    status: z.enum(STATUSES),
    features: z.array(
      z.object({
        code: z.string(),
        type: z.enum(FEATURE_TYPES),
        ...counterFields,
        rolled_over_amount: z
          .int()
          .describe('The unused amount that rolled over from the previous window.'),
        granted_remaining: z
          .int()
          .describe('The remaining amount of grants, which are used after the limit.'),
        held_amount: z.int().describe('The amount of open reservations.'),
        overage_amount: z
          .int()
          .describe('The part of `used_amount` beyond the limit and all grants.'),
        window: z
          .object({ start: instant, end: instant })
          .nullable()
          .describe(
            'From `start` up to, but not including, `end`. Null if the feature is not counted or never resets.',
          ),
      }),
    ),
    // Not `nullable()`, which would make the component itself nullable.
    estimate: z
      .union([estimateSchema, z.null()])
      .describe(
        'The cost of usage beyond the limits in the open period, before discounts and taxes. Null for a plan without usage prices.',
      ),
  })
  .openapi('Usage')

const route = createRoute({
  operationId: 'getUsage',
  callers: 'reader',
  method: 'get',
  path: '/usage',
  tags: ['Usage'],
  summary: 'Get the user’s usage',
  description:
    'A user without a live subscription begins the free plan of the product line that has `auto_attach`, if there is one. A key that may only read begins nothing.',
  request: { query: z.object({ product_line: productLineField }) },
  responses: {
    200: {
      description: 'Each feature of the live subscription, in its current window.',
      content: jsonContent(usageSchema),
    },
    ...problemResponses('subscription_not_found', 'workflow_unavailable', ...USER_PROBLEMS),
  },
})

/** The usage counters of the user's live subscription. */
export const getUsage = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = userOf(c)
    const { repositories, clock } = dependencies
    const now = clock.now()
    const line = c.req.valid('query').product_line
    const find = () => repositories.subscriptions.findLive(user.userId, line)
    let subscription = await find()
    if (subscription === undefined && mayBeginFor(c.get('caller'))) {
      const isWanted = ({ productLine }: PlanVersion) => productLine === line
      const begun = await beginByItself(dependencies, { userId: user.userId, isWanted })
      if (begun.kind === 'unavailable') return problem(c, 'workflow_unavailable', begun.detail)
      if (begun.kind === 'begun') subscription = await find()
    }
    if (subscription === undefined)
      return problem(c, 'subscription_not_found', 'The user has no live subscription.')
    const plan = await repositories.plans.getVersion(subscription.planVersionId)
    const usage = await repositories.usage.list(subscription, now)
    const estimate = await readEstimate(repositories, { subscription, plan, usage, at: now })
    const { id, status } = subscription
    return c.json(
      {
        subscription_id: id,
        plan: plan.slug,
        status,
        features: usage.map(viewOfFeature),
        estimate: viewOfEstimate(estimate, { subscription, plan }),
      },
      200,
    )
  })

function viewOfFeature({ feature, counter }: FeatureUsage) {
  const { code, type } = feature
  if (counter === null) {
    // A boolean feature has no limit. A counted one has no counter before the subscription runs.
    const limit = type === 'boolean' ? null : feature.quotaLimit
    return {
      code,
      type,
      ...viewOfCounter(null),
      quota_limit: limit,
      remaining: limit,
      ...NO_EXTRAS,
      window: null,
    }
  }
  const { windowStart, windowEnd } = counter
  const window =
    windowEnd >= FOREVER ? null : { start: windowStart.toISOString(), end: windowEnd.toISOString() }
  return {
    code,
    type,
    ...viewOfCounter(counter),
    rolled_over_amount: counter.rolledOver,
    granted_remaining: counter.grantedRemaining,
    held_amount: counter.held,
    overage_amount: counter.overage,
    window,
  }
}

const NO_EXTRAS = {
  rolled_over_amount: 0,
  granted_remaining: 0,
  held_amount: 0,
  overage_amount: 0,
}
