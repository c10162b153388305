import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { FEATURE_TYPES } from '../../domain/catalogue/plan.ts'
import { FOREVER } from '../../domain/usage/quota-window.ts'
import type { FeatureUsage } from '../../domain/usage/repository.ts'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import { readerOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { productLineField } from '../plans/fields.ts'
import { validationHook } from '../validation.ts'
import { counterFields, viewOfCounter } from './view.ts'

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
        rolled_over_amount: z.int().describe('Came over from the window before.'),
        granted_remaining: z.int().describe('What grants still hold; used after the limit.'),
        held_amount: z.int().describe('Reserved, and not yet settled or released.'),
        overage_amount: z.int().describe('The part of `used_amount` that lies beyond all limits.'),
        window: z
          .object({ start: instant, end: instant })
          .nullable()
          .describe(
            'Half-open: the end belongs to the next window. Null for what is not counted or never resets.',
          ),
      }),
    ),
  })
  .openapi('Usage')

const route = createRoute({
  method: 'get',
  path: '/usage',
  tags: ['Usage'],
  summary: 'What the user has used of each feature',
  request: { query: z.object({ product_line: productLineField }) },
  responses: {
    200: {
      description: 'Each feature of the live subscription in its present window.',
      content: jsonContent(usageSchema),
    },
    ...problemResponses(
      'user_missing',
      'unauthenticated',
      'forbidden',
      'subscription_not_found',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

export const getUsage = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = readerOf(c)
    if (user.kind === 'refused') return user.answer
    const now = clock.now()
    const line = c.req.valid('query').product_line
    const subscription = await repositories.subscriptions.findLive(user.userId, line)
    if (subscription === undefined)
      return problem(c, 'subscription_not_found', 'The user has no live subscription.')
    const plan = await repositories.plans.getVersion(subscription.planVersionId)
    const features = (await repositories.usage.list(subscription, now)).map(viewOfFeature)
    const { id, status } = subscription
    return c.json({ subscription_id: id, plan: plan.slug, status, features }, 200)
  })

function viewOfFeature({ feature, counter }: FeatureUsage) {
  const { code, type } = feature
  if (counter === null) {
    // A feature that is on or off has no limit; one that is counted waits for the subscription to run.
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
