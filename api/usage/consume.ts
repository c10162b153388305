import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { REFUSALS, type ConsumeOutcome } from '../../domain/usage.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey } from '../idempotency.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { counterFields, viewOfCounter } from './view.ts'

/** More than this at once is a mistake of units, not usage. */
const AMOUNT_MAX = 1_000_000_000

const requestSchema = z
  .strictObject({
    feature: z.string().min(1).max(64),
    amount: z.int().min(1).max(AMOUNT_MAX).default(1),
  })
  .openapi('ConsumeRequest')

const outcomeSchema = z
  .object({
    outcome: z.enum(['allowed', 'refused']),
    reason: z.enum(REFUSALS).optional(),
    ...counterFields,
  })
  .openapi('ConsumeOutcome')

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
    const { feature, amount } = c.req.valid('json')
    const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
    const request = { userId: user.userId, feature, key, amount }
    const [outcome] = await repositories.usage.consume([request], clock.now())
    if (outcome === undefined) throw new Error('usage was not answered')
    if (outcome.kind === 'key_reused')
      return problem(
        c,
        'idempotency_key_reused',
        'This Idempotency-Key came with another feature or amount before. Use a new key for new usage.',
      )
    return c.json(viewOfOutcome(outcome), 200)
  })

function viewOfOutcome(
  outcome: Exclude<ConsumeOutcome, { kind: 'key_reused' }>,
): z.infer<typeof outcomeSchema> {
  const counter = viewOfCounter(outcome.counter)
  return outcome.kind === 'allowed'
    ? { outcome: 'allowed', ...counter }
    : { outcome: 'refused', reason: outcome.reason, ...counter }
}
