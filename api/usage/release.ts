import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey } from '../idempotency.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { KEY_REUSED } from './consume.ts'
import { outcomeSchema, viewOfOutcome } from './outcome.ts'
import { occurredAt, usageFields } from './request.ts'

const requestSchema = z
  .strictObject({ ...usageFields, occurred_at: occurredAt })
  .openapi('ReleaseRequest')

const route = createRoute({
  method: 'post',
  path: '/usage/release',
  tags: ['Usage'],
  summary: 'Give back what is held, or correct what was counted',
  description:
    'For a seat that became free, and for usage that was counted by mistake. It is a line of the ledger with a negative amount, in the window that holds `occurred_at`. More than was used is refused as `more_than_used`; nothing goes below zero. Overage is given back first, then grants, then the limit itself. It needs no access: who may no longer use a seat may still free it.',
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: requestSchema } } },
  },
  responses: {
    200: {
      description:
        'The decision, committed. A repeat with the same key answers the same and gives nothing back.',
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

export const releaseUsage = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = userOf(c)
    if (user.kind === 'refused') return user.answer
    const { feature, amount, occurred_at } = c.req.valid('json')
    const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
    const request = { userId: user.userId, feature, key, amount: -amount, occurredAt: occurred_at }
    const [outcome] = await repositories.usage.consume([request], clock.now())
    if (outcome === undefined) throw new Error('usage was not answered')
    if (outcome.kind === 'key_reused') return problem(c, 'idempotency_key_reused', KEY_REUSED)
    return c.json(viewOfOutcome(outcome), 200)
  })
