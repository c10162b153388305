import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import { grantKey } from '../../domain/keys.ts'
import { grantRemaining, type Grant } from '../../domain/usage/extras.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey, once, render } from '../idempotency.ts'
import { notAhead } from '../instant.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemBody, problemResponses } from '../problem.ts'
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

const requestSchema = z
  .strictObject({
    user_id: userIdField,
    feature: featureField,
    amount: z.int().min(1).max(AMOUNT_MAX),
    expires_at: expiresAtField,
    reason: reasonField,
  })
  .openapi('GrantRequest')

const grantSchema = z
  .object({
    id: z.uuid(),
    user_id: z.string(),
    feature: z.string(),
    amount: z.int(),
    used_amount: z.int(),
    remaining: z.int().describe('What may still be used: nothing once it expired or was revoked.'),
    expires_at: instant.nullable(),
    reason: z.string(),
    created_at: instant,
    revoked_at: instant.nullable(),
  })
  .openapi('Grant')
const answer = jsonContent(grantSchema)

const createRouteOf = createRoute({
  method: 'post',
  path: '/admin/grants',
  tags: ['Operators'],
  summary: 'Grant a user more of a feature',
  description:
    'A top-up: usable beyond the limit of any window until it is used up, expires or is revoked. Burn order: the limit of the window with what rolled over, then grants, the one that expires first first; only then overage. It stays with the user across subscriptions.',
  request: {
    headers: idempotencyHeader,
    body: jsonBody(requestSchema),
  },
  responses: {
    201: { description: 'Granted, and in force at once.', content: answer },
    ...problemResponses(
      'malformed_json',
      'unauthenticated',
      'forbidden',
      'user_not_found',
      'feature_not_found',
      'feature_not_countable',
      'invalid_request',
      'idempotency_key_reused',
      'database_unavailable',
    ),
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/admin/grants',
  tags: ['Operators'],
  summary: 'Grants, the newest first',
  request: {
    query: z.object({
      user_id: userIdField.optional(),
      feature: featureField.optional(),
      limit: limitField,
    }),
  },
  responses: {
    200: {
      description: 'Also those that are used up, expired or revoked.',
      content: jsonContent(z.object({ grants: z.array(grantSchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

const revokeRoute = createRoute({
  method: 'delete',
  path: '/admin/grants/{id}',
  tags: ['Operators'],
  summary: 'Take away what is left of a grant',
  description: 'What was used of it stays used. Repeating it changes nothing.',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'The grant, revoked.', content: answer },
    ...problemResponses(
      'unauthenticated',
      'forbidden',
      'grant_not_found',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

export const grants = ({ repositories, clock }: ApiDependencies) => {
  const { usageExtras, idempotency } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(createRouteOf, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { user_id: userId, expires_at: expiresAt, ...request } = c.req.valid('json')
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
      const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
      const { keyId } = operator
      const caller = `operator/${keyId}`
      const keyed = { idempotency, caller, key, request: { userId, expiresAt, ...request }, at }
      const outcome = await once(keyed, async () => {
        const id = derivedUuid(grantKey(keyId, key))
        const granted = await usageExtras.grant(
          { id, userId, expiresAt, ...request },
          { at, keyId },
        )
        if (granted.kind === 'granted') return { status: 201, body: viewOfGrant(granted.grant, at) }
        const detail = EXTRA_REFUSALS[granted.because]
        const body = problemBody(granted.because, detail, c.get('requestId'))
        return { status: body.status, body }
      })
      return outcome.kind === 'reused'
        ? problem(
            c,
            'idempotency_key_reused',
            'This Idempotency-Key came with another grant before.',
          )
        : render(outcome)
    })
    .openapi(listRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { user_id: userId, feature, limit } = c.req.valid('query')
      const found = await usageExtras.listGrants({ userId, feature }, limit)
      return c.json({ grants: found.map((grant) => viewOfGrant(grant, clock.now())) }, 200)
    })
    .openapi(revokeRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const act = { at: clock.now(), keyId: operator.keyId }
      const grant = await usageExtras.revokeGrant(c.req.valid('param').id, act)
      return grant === undefined
        ? problem(c, 'grant_not_found', 'There is no grant of this id.')
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
