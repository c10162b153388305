import { OpenAPIHono, z } from '@hono/zod-openapi'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import { grantKey } from '../../domain/keys.ts'
import { grantRemaining, type Grant } from '../../domain/usage/extras.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { answerOnce, idempotencyHeader, problemAnswer } from '../idempotency.ts'
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
  limitField,
  reasonField,
  userIdField,
} from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { below } from '../links.ts'

const requestSchema = requestObject({
  user_id: userIdField,
  feature: featureField,
  amount: z.int().min(1).max(AMOUNT_MAX),
  expires_at: expiresAtField,
  reason: reasonField,
}).openapi('GrantRequest')

const grantSchema = z
  .object({
    id: z.uuid(),
    user_id: z.string(),
    feature: z.string(),
    amount: z.int(),
    used_amount: z.int(),
    remaining: z
      .int()
      .describe('The amount that can still be used; 0 if the grant is expired or revoked.'),
    expires_at: instant.nullable(),
    reason: z.string(),
    created_at: instant,
    revoked_at: instant.nullable(),
  })
  .openapi('Grant')
const answer = jsonContent(grantSchema)

const createRouteOf = createRoute({
  operationId: 'createGrant',
  leadsTo: [below('/admin/grants/{id}', { id: '$response.body#/id' })],
  callers: 'operator',
  method: 'post',
  path: '/admin/grants',
  tags: ['Operators'],
  summary: 'Grant a user more of a feature',
  description:
    'A top-up beyond the limit of each window, until it is used up, expires or is revoked. Usage is taken from the window’s limit and rollover first, then from grants in the order of their expiry, then counts as overage. Grants stay with the user across subscriptions.',
  request: {
    headers: idempotencyHeader,
    body: jsonBody(requestSchema),
  },
  responses: {
    201: { description: 'The grant. It is effective immediately.', content: answer },
    ...problemResponses(
      'malformed_json',
      'feature_not_found',
      'feature_not_countable',
      'idempotency_key_reused',
      ...OPERATOR_PROBLEMS,
    ),
  },
})

const listRoute = createRoute({
  operationId: 'listGrants',
  callers: 'operator',
  method: 'get',
  path: '/admin/grants',
  tags: ['Operators'],
  summary: 'List grants, newest first',
  request: {
    query: z.object({
      user_id: userIdField.optional(),
      feature: featureField.optional(),
      limit: limitField,
    }),
  },
  responses: {
    200: {
      description: 'Grants, including those that are used up, expired or revoked.',
      content: jsonContent(z.object({ grants: z.array(grantSchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

const revokeRoute = createRoute({
  operationId: 'revokeGrant',
  callers: 'operator',
  method: 'delete',
  path: '/admin/grants/{id}',
  tags: ['Operators'],
  summary: 'Revoke the rest of a grant',
  description: 'The used part is not affected. Repeating it changes nothing.',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'The grant, revoked.', content: answer },
    ...problemResponses('grant_not_found', ...OPERATOR_PROBLEMS),
  },
})

/** Grants of more usage to a user, outside the subscription's workflow. */
export const grants = (dependencies: ApiDependencies) => {
  const { repositories, clock } = dependencies
  const { usageExtras } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(createRouteOf, async (c) => {
      const operator = operatorOf(c)
      const { user_id: userId, expires_at: expiresAt, ...request } = c.req.valid('json')
      const at = clock.now()
      const wrong = expiryProblem(c, expiresAt, at)
      if (wrong) return wrong
      const { keyId } = operator
      const keyed = { caller: `operator/${keyId}`, request: { userId, expiresAt, ...request } }
      return answerOnce(c, dependencies, keyed, async ({ key }) => {
        const id = derivedUuid(grantKey(keyId, key))
        const granted = await usageExtras.grant(
          { id, userId, expiresAt, ...request },
          { at, keyId },
        )
        return granted.kind === 'granted'
          ? { status: 201, body: viewOfGrant(granted.grant, at) }
          : problemAnswer(c, granted.because, EXTRA_REFUSALS[granted.because])
      })
    })
    .openapi(listRoute, async (c) => {
      const { user_id: userId, feature, limit } = c.req.valid('query')
      const found = await usageExtras.listGrants({ userId, feature }, limit)
      return c.json({ grants: found.map((grant) => viewOfGrant(grant, clock.now())) }, 200)
    })
    .openapi(revokeRoute, async (c) => {
      const operator = operatorOf(c)
      const act = { at: clock.now(), keyId: operator.keyId }
      const grant = await usageExtras.revokeGrant(c.req.valid('param').id, act)
      return grant === undefined
        ? problem(c, 'grant_not_found', 'There is no grant with this id.')
        : c.json(viewOfGrant(grant, act.at), 200)
    })
}

const viewOfGrant = (grant: Grant, at: Date): z.infer<typeof grantSchema> => ({
  id: grant.id,
  user_id: grant.userId,
  feature: grant.feature,
  amount: grant.amount,
  used_amount: grant.usedAmount,
  remaining: grantRemaining(grant, at),
  expires_at: grant.expiresAt?.toISOString() ?? null,
  reason: grant.reason,
  created_at: grant.createdAt.toISOString(),
  revoked_at: grant.revokedAt?.toISOString() ?? null,
})
