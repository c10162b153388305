import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { FEATURE_TYPES, type PlanFeature, type PlanVersion } from '../../domain/plan.ts'
import { FOREVER, quotaWindowAt } from '../../domain/quota-window.ts'
import type { FeatureUsage } from '../../domain/repositories.ts'
import { STATUSES, type Subscription } from '../../domain/subscription.ts'
import type { Counter } from '../../domain/usage.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { problem, problemResponses } from '../problem.ts'
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
  request: { query: z.object({ product_line: z.string().min(1).max(64).default('main') }) },
  responses: {
    200: {
      description: 'Each feature of the live subscription in its present window.',
      content: { 'application/json': { schema: usageSchema } },
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
    const user = userOf(c)
    if (user.kind === 'refused') return user.answer
    const now = clock.now()
    const line = c.req.valid('query').product_line
    const subscription = await repositories.subscriptions.findLive(user.userId, line)
    if (subscription === undefined)
      return problem(c, 'subscription_not_found', 'The user has no live subscription.')
    const plan = await repositories.plans.getVersion(subscription.planVersionId)
    const usage = await repositories.usage.listOpen(subscription.id, plan, now)
    const features = usage.map((each) => viewOfFeature(each, subscription, plan, now))
    const { id, status } = subscription
    return c.json({ subscription_id: id, plan: plan.slug, status, features }, 200)
  })

function viewOfFeature(
  { feature, counter }: FeatureUsage,
  subscription: Subscription,
  plan: PlanVersion,
  now: Date,
) {
  const { code, type } = feature
  const present = counter ?? unopened(feature, subscription, plan, now)
  if (present === null) {
    // A feature that is on or off has no limit; one that is counted waits for the subscription to run.
    const limit = type === 'boolean' ? null : feature.quotaLimit
    return {
      code,
      type,
      ...viewOfCounter(null),
      quota_limit: limit,
      remaining: limit,
      window: null,
    }
  }
  const window =
    present.windowEnd >= FOREVER
      ? null
      : { start: present.windowStart.toISOString(), end: present.windowEnd.toISOString() }
  return { code, type, ...viewOfCounter(present), window }
}

/** The window that would open with the first use. */
function unopened(
  feature: PlanFeature,
  { anchor }: Subscription,
  plan: PlanVersion,
  now: Date,
): Counter | null {
  if (feature.type === 'boolean' || anchor === null) return null
  const { start, end, quotaLimit } = quotaWindowAt(plan, feature, anchor, now)
  return { usedAmount: 0, quotaLimit, windowStart: start, windowEnd: end }
}
