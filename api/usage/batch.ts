import { OpenAPIHono, z } from '@hono/zod-openapi'
import { REFUSALS, type ConsumeOutcome } from '../../domain/usage/usage.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { beginForRefused } from './auto-attach.ts'
import { viewOfOutcome } from './outcome.ts'
import { eventKey, occurredAt, usageFields } from './request.ts'
import { counterFields, viewOfCounter } from './view.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'

/** One SQL statement counts them all, and holds its locks for some tens of milliseconds. */
const EVENTS_MAX = 1_000

const requestSchema = requestObject({
  events: z
    .array(requestObject({ ...usageFields, occurred_at: occurredAt, idempotency_key: eventKey }))
    .min(1)
    .max(EVENTS_MAX),
}).openapi('BatchRequest')

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
  operationId: 'consumeUsageBatch',
  callers: 'application',
  method: 'post',
  path: '/usage/batch',
  tags: ['Usage'],
  summary: 'Count many events',
  description:
    'Each event is decided separately, in order: after an event that exceeds the quota, a smaller one can still be allowed. Each event has its own `idempotency_key`; the header `Idempotency-Key` is ignored. Repeating all or some of the events returns the same outcomes and counts nothing again.',
  request: { body: jsonBody(requestSchema) },
  responses: {
    200: {
      description:
        'The committed outcome of each event, in order. `idempotency_key_reused` means that the key was used for another feature or amount; that event was not counted.',
      content: jsonContent(answerSchema),
    },
    ...problemResponses('malformed_json', 'workflow_unavailable', ...USER_PROBLEMS),
  },
})

/** Counts up to 1,000 events of one user in one statement. */
export const consumeUsageBatch = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = userOf(c)
    const requests = c.req.valid('json').events.map((event) => ({
      userId: user.userId,
      feature: event.feature,
      amount: event.amount,
      key: event.idempotency_key,
      occurredAt: event.occurred_at,
    }))
    const { repositories, clock } = dependencies
    const consume = () => repositories.usage.consume(requests, clock.now())
    let outcomes = await consume()
    const begun = await beginForRefused(dependencies, requests, outcomes)
    if (begun.kind === 'unavailable') return problem(c, 'workflow_unavailable', begun.detail)
    // Events that were decided before get the same outcome, by their keys.
    if (begun.kind === 'begun') outcomes = await consume()
    return c.json({ events: outcomes.map(viewOfEvent) }, 200)
  })

const viewOfEvent = (outcome: ConsumeOutcome): z.infer<typeof answerSchema>['events'][number] =>
  outcome.kind === 'key_reused'
    ? { outcome: 'refused', reason: 'idempotency_key_reused', ...viewOfCounter(null) }
    : viewOfOutcome(outcome)
