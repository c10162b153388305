import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey } from '../idempotency.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { outcomeSchema, viewOfOutcome } from './outcome.ts'
import { occurredAt, usageFields } from './request.ts'

export const KEY_REUSED =
  'This Idempotency-Key came with another feature or amount before. Use a new key for new usage.'

const requestSchema = z
  .strictObject({ ...usageFields, occurred_at: occurredAt })
  .openapi('ConsumeRequest')

const route = createRoute({
  method: 'post',
  path: '/usage/consume',
  tags: ['Usage'],
  summary: 'Count usage, if the quota allows it',
  description:
    'Decides, counts and records in one atomic statement. `refused` is an answer, not an error: nothing was counted.',
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: requestSchema } } },
  },
  responses: {
    200: {
      description:
        'The decision, committed. A repeat with the same key answers the same and counts nothing.',
      content: { 'application/json': { schema: outcomeSchema } },
    },
    ...problemResponses(
      'malformed_json',
      'user_missing',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'idempotency_key_reused',
      'database_unavailable',
    ),
  },
})

export const consumeUsage = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = userOf(c)
    if (user.kind === 'refused') return user.answer
    const { feature, amount, occurred_at } = c.req.valid('json')
    const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
    const request = { userId: user.userId, feature, key, amount, occurredAt: occurred_at }
    const [outcome] = await repositories.usage.consume([request], clock.now())
    if (outcome === undefined) throw new Error('usage was not answered')
    if (outcome.kind === 'key_reused') return problem(c, 'idempotency_key_reused', KEY_REUSED)
    return c.json(viewOfOutcome(outcome), 200)
  })
