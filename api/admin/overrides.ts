import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Override } from '../../domain/usage/extras.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { expiryProblem } from '../instant.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { EXTRA_REFUSALS } from './refusal.ts'
import {
  AMOUNT_MAX,
  expiresAtField,
  featureField,
  instant,
  reasonField,
  userIdField,
} from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { below } from '../links.ts'

const requestSchema = requestObject({
  quota_limit: z
    .int()
    .min(0)
    .max(AMOUNT_MAX)
    .nullable()
    .optional()
    .describe('The limit of a counted feature; null is unlimited.'),
  enabled: z.boolean().optional().describe('Whether a boolean feature is on.'),
  expires_at: expiresAtField,
  reason: reasonField,
}).openapi('OverrideRequest')

const overrideSchema = z
  .object({
    user_id: z.string(),
    feature: z.string(),
    quota_limit: z.int().nullable().describe('Null is unlimited, and for a boolean feature.'),
    enabled: z
      .boolean()
      .nullable()
      .describe('Whether a boolean feature is on; null for a counted one.'),
    expires_at: instant.nullable(),
    reason: z.string(),
    created_at: instant,
  })
  .openapi('Override')
const answer = jsonContent(overrideSchema)
const params = z.object({ user_id: userIdField, feature: featureField })

const setRoute = createRoute({
  operationId: 'setOverride',
  leadsTo: [
    below('/admin/users/{user_id}/overrides/{feature}', {
      user_id: '$request.path.user_id',
      feature: '$request.path.feature',
    }),
  ],
  callers: 'operator',
  method: 'put',
  path: '/admin/users/{user_id}/overrides/{feature}',
  tags: ['Operators'],
  summary: 'Set a user’s own limit, or switch a feature on or off',
  description:
    'Needs `quota_limit` for a counted feature, or `enabled` for a boolean one. Replaces what the plan says immediately and in each window until it expires, also after a plan change. Setting it again replaces it.',
  request: {
    params,
    body: jsonBody(requestSchema),
  },
  responses: {
    200: { description: 'The override that is effective now.', content: answer },
    ...problemResponses(
      'malformed_json',
      'feature_not_found',
      'feature_not_countable',
      'feature_has_amount',
      ...OPERATOR_PROBLEMS,
    ),
  },
})

const listRoute = createRoute({
  operationId: 'listOverrides',
  callers: 'operator',
  method: 'get',
  path: '/admin/users/{user_id}/overrides',
  tags: ['Operators'],
  summary: 'List a user’s own limits',
  request: { params: z.object({ user_id: userIdField }) },
  responses: {
    200: {
      description: 'At most one override per feature, including expired ones.',
      content: jsonContent(z.object({ overrides: z.array(overrideSchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

const removeRoute = createRoute({
  operationId: 'removeOverride',
  callers: 'operator',
  method: 'delete',
  path: '/admin/users/{user_id}/overrides/{feature}',
  tags: ['Operators'],
  summary: 'Remove a user’s own limit or switch',
  request: { params },
  responses: {
    200: {
      description: 'The removed override. The plan applies again.',
      content: answer,
    },
    ...problemResponses('override_not_found', ...OPERATOR_PROBLEMS),
  },
})

/** Limits and switches for one user, which replace what the plan says. */
export const overrides = ({ repositories, clock }: ApiDependencies) => {
  const { usageExtras } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(setRoute, async (c) => {
      const operator = operatorOf(c)
      const { user_id: userId, feature } = c.req.valid('param')
      const { quota_limit: quotaLimit, enabled, ...given } = c.req.valid('json')
      const { expires_at: expiresAt, reason } = given
      const at = clock.now()
      const wrong = expiryProblem(c, expiresAt, at)
      if (wrong) return wrong
      if ((quotaLimit === undefined) === (enabled === undefined))
        return problem(c, 'invalid_request', 'Send either `quota_limit` or `enabled`.', {
          errors: [{ field: 'quota_limit', detail: 'either this or `enabled`' }],
        })
      const act = { at, keyId: operator.keyId }
      const override = { userId, feature, expiresAt, reason }
      const outcome =
        enabled === undefined
          ? await usageExtras.setOverride({ ...override, quotaLimit: quotaLimit ?? null }, act)
          : await usageExtras.switchFeature({ ...override, enabled }, act)
      return outcome.kind === 'refused'
        ? problem(c, outcome.because, EXTRA_REFUSALS[outcome.because])
        : c.json(viewOfOverride(outcome.override), 200)
    })
    .openapi(listRoute, async (c) => {
      const found = await usageExtras.listOverrides(c.req.valid('param').user_id)
      return c.json({ overrides: found.map(viewOfOverride) }, 200)
    })
    .openapi(removeRoute, async (c) => {
      const operator = operatorOf(c)
      const { user_id: userId, feature } = c.req.valid('param')
      const act = { at: clock.now(), keyId: operator.keyId }
      const removed = await usageExtras.removeOverride(userId, feature, act)
      return removed === undefined
        ? problem(c, 'override_not_found', 'The user has no override for this feature.')
        : c.json(viewOfOverride(removed), 200)
    })
}

const viewOfOverride = (override: Override): z.infer<typeof overrideSchema> => ({
  user_id: override.userId,
  feature: override.feature,
  quota_limit: override.quotaLimit,
  enabled: override.enabled,
  expires_at: override.expiresAt?.toISOString() ?? null,
  reason: override.reason,
  created_at: override.createdAt.toISOString(),
})
