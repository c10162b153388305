import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { REFUSALS, type ConsumeOutcome } from '../../domain/usage/usage.ts'
import { applicationOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { viewOfOutcome } from './outcome.ts'
import { eventKey, occurredAt, usageFields } from './request.ts'
import { counterFields, viewOfCounter } from './view.ts'

/** One statement, and locks held for some tens of milliseconds. */
const EVENTS_MAX = 1_000

const requestSchema = z
  .strictObject({
    events: z
      .array(z.strictObject({ ...usageFields, occurred_at: occurredAt, idempotency_key: eventKey }))
      .min(1)
      .max(EVENTS_MAX),
  })
  .openapi('BatchRequest')

const answerSchema = z
  .object({
    events: z.array(
      z.object({
        outcome: z.enum(['allowed', 'refused']),
        reason: z.enum([...REFUSALS, 'idempotency_key_reused']).optional(),
        ...counterFields,
      }),
    ),
  })
  .openapi('BatchOutcome')

const route = createRoute({
  method: 'post',
  path: '/usage/batch',
  tags: ['Usage'],
  summary: 'Count many events at once',
  description:
    'Each event is decided by itself, in the order given: one that does not fit is refused, and a later, smaller one may still be allowed. Every event has a key of its own; the header `Idempotency-Key` is not used. A repeat of the whole call, or of a part of it, answers the same and counts nothing.',
  request: { body: jsonBody(requestSchema) },
  responses: {
    200: {
      description:
        'One answer for each event, in order, committed. `idempotency_key_reused`: the key came with another feature or amount before; nothing was counted.',
      content: jsonContent(answerSchema),
    },
    ...problemResponses(
      'malformed_json',
      'user_missing',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'body_too_large',
      'database_unavailable',
    ),
  },
})

export const consumeUsageBatch = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = applicationOf(c)
    if (user.kind === 'refused') return user.answer
    const requests = c.req.valid('json').events.map((event) => ({
      userId: user.userId,
      feature: event.feature,
      amount: event.amount,
      key: event.idempotency_key,
      occurredAt: event.occurred_at,
    }))
    const outcomes = await repositories.usage.consume(requests, clock.now())
    return c.json({ events: outcomes.map(viewOfEvent) }, 200)
  })

const viewOfEvent = (outcome: ConsumeOutcome): z.infer<typeof answerSchema>['events'][number] =>
  outcome.kind === 'key_reused'
    ? { outcome: 'refused', reason: 'idempotency_key_reused', ...viewOfCounter(null) }
    : viewOfOutcome(outcome)
