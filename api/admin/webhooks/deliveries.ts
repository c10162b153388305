import { OpenAPIHono, z } from '@hono/zod-openapi'
import { text } from '../../../adapters/text.ts'
import { DELIVERY_STATES, type WebhookDelivery } from '../../../domain/webhook/repository.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { answerOnce, idempotencyHeader, problemAnswer } from '../../idempotency.ts'
import { givenInstant } from '../../instant.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { instant, LIST_MAX, limitField } from '../request.ts'
import { createRoute } from '../../route.ts'
import { requestObject } from '../../request-object.ts'

const TYPE_MAX_CHARACTERS = 64
/** Per request. The next request continues at `next_since`. */
const REPLAY_MAX = 10_000

const deliverySchema = z
  .object({
    id: z.int(),
    webhook_id: z.string().describe('The header `webhook-id` of the delivery.'),
    endpoint_id: z.uuid(),
    subscription_id: z.uuid(),
    sequence: z.int(),
    type: z.string(),
    state: z
      .enum(DELIVERY_STATES)
      .describe(
        '`pending`: not yet delivered. `failed`: no further attempts; a replay sends it again.',
      ),
    attempts: z.int().describe('Attempts since the creation or the last replay.'),
    due_at: instant.describe('When the next attempt is due, if it is `pending`.'),
    last_attempt_at: instant.nullable(),
    last_status: z.int().nullable(),
    last_error: z.string().nullable(),
    delivered_at: instant.nullable(),
    created_at: instant,
  })
  .openapi('WebhookDelivery')

const listRoute = createRoute({
  operationId: 'listWebhookDeliveries',
  callers: 'operator',
  method: 'get',
  path: '/admin/webhook-deliveries',
  tags: ['Webhooks'],
  summary: 'List webhook deliveries, newest first',
  request: {
    query: z.object({
      endpoint_id: z.uuid().optional(),
      subscription_id: z.uuid().optional(),
      state: z.enum(DELIVERY_STATES).optional(),
      type: text(TYPE_MAX_CHARACTERS).optional(),
      after: z.coerce
        .number()
        .int()
        .min(1)
        .max(Number.MAX_SAFE_INTEGER)
        .optional()
        .describe('The last `id` of the previous page.'),
      limit: limitField,
    }),
  },
  responses: {
    200: {
      description: 'A page of deliveries.',
      content: jsonContent(z.object({ deliveries: z.array(deliverySchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

const idsSchema = requestObject({
  delivery_ids: z.array(z.int().min(1)).min(1).max(LIST_MAX),
})
const sinceSchema = requestObject({
  endpoint_id: z.uuid(),
  since: givenInstant.describe('Replays all events since this time, including acknowledged ones.'),
})

const replayRoute = createRoute({
  operationId: 'replayWebhookDeliveries',
  callers: 'operator',
  method: 'post',
  path: '/admin/webhook-deliveries/replay',
  tags: ['Webhooks'],
  summary: 'Replay webhook deliveries',
  description: `Sends events again with the same \`webhook-id\`, so that receivers can recognize repeats. Pending deliveries and those of disabled endpoints are ignored. At most ${REPLAY_MAX} deliveries per request, oldest first.`,
  request: {
    headers: idempotencyHeader,
    body: jsonBody(z.union([idsSchema, sinceSchema]).openapi('WebhookReplayRequest')),
  },
  responses: {
    200: {
      description: 'The number of deliveries that will be sent again.',
      content: jsonContent(
        z.object({
          replayed: z.int(),
          next_since: instant
            .nullable()
            .describe('The value of `since` for the next request; null if there are no more.'),
        }),
      ),
    },
    ...problemResponses(
      'malformed_json',
      'webhook_endpoint_not_found',
      'webhook_endpoint_disabled',
      'idempotency_key_reused',
      ...OPERATOR_PROBLEMS,
    ),
  },
})

const done = (replayed: number, nextSince: Date | null) => ({
  status: 200,
  body: { replayed, next_since: nextSince?.toISOString() ?? null },
})

/** Deliveries of webhooks: the list, and replaying them. */
export const webhookDeliveries = (dependencies: ApiDependencies) => {
  const { repositories, clock } = dependencies
  const { endpoints, deliveries } = repositories.webhooks
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const { limit, after, endpoint_id, subscription_id, ...filter } = c.req.valid('query')
      const found = await deliveries.list(
        { ...filter, endpointId: endpoint_id, subscriptionId: subscription_id },
        { limit, after },
      )
      return c.json({ deliveries: found.map(viewOfDelivery) }, 200)
    })
    .openapi(replayRoute, async (c) => {
      const operator = operatorOf(c)
      const request = c.req.valid('json')
      const act = { at: clock.now(), keyId: operator.keyId }
      const keyed = {
        caller: `operator/${operator.keyId}`,
        request: { operation: 'replay-webhooks', ...request },
      }
      return answerOnce(c, dependencies, keyed, async () => {
        if ('delivery_ids' in request)
          return done(await deliveries.replay(request.delivery_ids, act), null)
        const { endpoint_id: endpointId, since } = request
        const endpoint = await endpoints.find(endpointId)
        if (endpoint === undefined)
          return problemAnswer(
            c,
            'webhook_endpoint_not_found',
            'There is no webhook endpoint with this id.',
          )
        if (endpoint.state === 'disabled')
          return problemAnswer(
            c,
            'webhook_endpoint_disabled',
            'Enable the endpoint with PUT /admin/webhook-endpoints/{id}/state first.',
          )
        const range = { endpointId, since, limit: REPLAY_MAX }
        const { replayed, until } = await deliveries.replaySince(range, act)
        return done(replayed, until)
      })
    })
}

const viewOfDelivery = (delivery: WebhookDelivery): z.infer<typeof deliverySchema> => ({
  id: delivery.id,
  webhook_id: delivery.eventKey,
  endpoint_id: delivery.endpointId,
  subscription_id: delivery.subscriptionId,
  sequence: delivery.sequence,
  type: delivery.type,
  state: delivery.state,
  attempts: delivery.attempts,
  due_at: delivery.dueAt.toISOString(),
  last_attempt_at: delivery.lastAttemptAt?.toISOString() ?? null,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  delivered_at: delivery.deliveredAt?.toISOString() ?? null,
  created_at: delivery.createdAt.toISOString(),
})
