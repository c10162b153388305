import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Override } from '../../domain/usage/extras.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { notAhead } from '../instant.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
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

const requestSchema = z
  .strictObject({
    quota_limit: z.int().min(0).max(AMOUNT_MAX).nullable().describe('Null is unlimited.'),
    expires_at: expiresAtField,
    reason: reasonField,
  })
  .openapi('OverrideRequest')

const overrideSchema = z
  .object({
    user_id: z.string(),
    feature: z.string(),
    quota_limit: z.int().nullable().describe('Null is unlimited.'),
    expires_at: instant.nullable(),
    reason: z.string(),
    created_at: instant,
  })
  .openapi('Override')
const answer = jsonContent(overrideSchema)
const params = z.object({ user_id: userIdField, feature: featureField })

const setRoute = createRoute({
  method: 'put',
  path: '/admin/users/{user_id}/overrides/{feature}',
  tags: ['Operators'],
  summary: 'Give a user a limit of their own',
  description:
    'In place of the plan’s, at once and in each window until it expires; it survives a change of plan. A later one takes the place of an earlier one.',
  request: {
    params,
    body: jsonBody(requestSchema),
  },
  responses: {
    200: { description: 'The override that is in force now.', content: answer },
    ...problemResponses(
      'malformed_json',
      'unauthenticated',
      'forbidden',
      'user_not_found',
      'feature_not_found',
      'feature_not_countable',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/admin/users/{user_id}/overrides',
  tags: ['Operators'],
  summary: 'A user’s own limits',
  request: { params: z.object({ user_id: userIdField }) },
  responses: {
    200: {
      description: 'At most one for each feature; also those that expired.',
      content: jsonContent(z.object({ overrides: z.array(overrideSchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

const removeRoute = createRoute({
  method: 'delete',
  path: '/admin/users/{user_id}/overrides/{feature}',
  tags: ['Operators'],
  summary: 'Back to the plan’s limit',
  request: { params },
  responses: {
    200: { description: 'The override that was removed.', content: answer },
    ...problemResponses(
      'unauthenticated',
      'forbidden',
      'override_not_found',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

export const overrides = ({ repositories, clock }: ApiDependencies) => {
  const { usageExtras } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(setRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { user_id: userId, feature } = c.req.valid('param')
      const { quota_limit: quotaLimit, expires_at: expiresAt, reason } = c.req.valid('json')
      const at = clock.now()
      const wrong =
        expiresAt !== null &&
        notAhead(c, {
          field: 'expires_at',
          value: expiresAt,
          now: at,
          fix: 'leave it out, and it never expires',
        })
      if (wrong) return wrong
      const outcome = await usageExtras.setOverride(
        { userId, feature, quotaLimit, expiresAt, reason },
        { at, keyId: operator.keyId },
      )
      return outcome.kind === 'refused'
        ? problem(c, outcome.because, EXTRA_REFUSALS[outcome.because])
        : c.json(viewOfOverride(outcome.override), 200)
    })
    .openapi(listRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const found = await usageExtras.listOverrides(c.req.valid('param').user_id)
      return c.json({ overrides: found.map(viewOfOverride) }, 200)
    })
    .openapi(removeRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { user_id: userId, feature } = c.req.valid('param')
      const act = { at: clock.now(), keyId: operator.keyId }
      const removed = await usageExtras.removeOverride(userId, feature, act)
      return removed === undefined
        ? problem(c, 'override_not_found', 'The user has no limit of their own for this feature.')
        : c.json(viewOfOverride(removed), 200)
    })
}

const viewOfOverride = (override: Override): z.infer<typeof overrideSchema> => ({
  user_id: override.userId,
  feature: override.feature,
  quota_limit: override.quotaLimit,
  expires_at: override.expiresAt?.toISOString() ?? null,
  reason: override.reason,
  created_at: override.createdAt.toISOString(),
})
