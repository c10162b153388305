import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { text } from '../../../adapters/database/text.ts'
import { DELIVERY_STATES, type WebhookDelivery } from '../../../domain/webhook/repository.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { idempotencyHeader, newIdempotencyKey, once, render } from '../../idempotency.ts'
import { givenInstant } from '../../instant.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { problem, problemBody, problemResponses } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { instant, LIST_MAX, limitField } from '../request.ts'

const TYPE_MAX_CHARACTERS = 64
/** In one request; what is left is for the next one, which begins at `next_since`. */
const REPLAY_MAX = 10_000

const deliverySchema = z
  .object({
    id: z.int(),
    webhook_id: z.string().describe('As the receiver gets it.'),
    endpoint_id: z.uuid(),
    subscription_id: z.uuid(),
    sequence: z.int(),
    type: z.string(),
    state: z
      .enum(DELIVERY_STATES)
      .describe('`pending`: to be sent, perhaps again. `failed`: given up; a replay sends it.'),
    attempts: z.int().describe('Since it was written or replayed.'),
    due_at: instant.describe('When it is sent next, while it is `pending`.'),
    last_attempt_at: instant.nullable(),
    last_status: z.int().nullable(),
    last_error: z.string().nullable(),
    delivered_at: instant.nullable(),
    created_at: instant,
  })
  .openapi('WebhookDelivery')

const listRoute = createRoute({
  method: 'get',
  path: '/admin/webhook-deliveries',
  tags: ['Webhooks'],
  summary: 'What applications were told, and what of it they acknowledged; the newest first',
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
        .describe('The last `id` of the page before.'),
      limit: limitField,
    }),
  },
  responses: {
    200: {
      description: 'A page.',
      content: jsonContent(z.object({ deliveries: z.array(deliverySchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

const idsSchema = z.strictObject({
  delivery_ids: z.array(z.int().min(1)).min(1).max(LIST_MAX),
})
const sinceSchema = z.strictObject({
  endpoint_id: z.uuid(),
  since: givenInstant.describe('All that happened from this instant on, acknowledged or not.'),
})

const replayRoute = createRoute({
  method: 'post',
  path: '/admin/webhook-deliveries/replay',
  tags: ['Webhooks'],
  summary: 'Have events sent once more',
  description: `Under the same \`webhook-id\`, so receivers that have seen one know it. What waits already is left alone, and so is what belongs to a disabled endpoint. At most ${REPLAY_MAX} at a time, the oldest first.`,
  request: {
    headers: idempotencyHeader,
    body: jsonBody(z.union([idsSchema, sinceSchema]).openapi('WebhookReplayRequest')),
  },
  responses: {
    200: {
      description: 'They are on their way.',
      content: jsonContent(
        z.object({
          replayed: z.int(),
          next_since: instant
            .nullable()
            .describe('When the last one happened, if there may be more; else null.'),
        }),
      ),
    },
    ...problemResponses(
      'malformed_json',
      'webhook_endpoint_not_found',
      'webhook_endpoint_disabled',
      'idempotency_key_reused',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

const done = (replayed: number, nextSince: Date | null) => ({
  status: 200,
  body: { replayed, next_since: nextSince?.toISOString() ?? null },
})

export const webhookDeliveries = ({ repositories, clock }: ApiDependencies) => {
  const { endpoints, deliveries } = repositories.webhooks
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { limit, after, endpoint_id, subscription_id, ...filter } = c.req.valid('query')
      const found = await deliveries.list(
        { ...filter, endpointId: endpoint_id, subscriptionId: subscription_id },
        { limit, after },
      )
      return c.json({ deliveries: found.map(viewOfDelivery) }, 200)
    })
    .openapi(replayRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const request = c.req.valid('json')
      const act = { at: clock.now(), keyId: operator.keyId }
      const refuse = (code: 'webhook_endpoint_not_found' | 'webhook_endpoint_disabled') => {
        const body = problemBody(code, REFUSALS[code], c.get('requestId'))
        return { status: body.status, body }
      }
      const keyed = {
        idempotency: repositories.idempotency,
        caller: `operator/${operator.keyId}`,
        key: c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey(),
        request: { operation: 'replay-webhooks', ...request },
        at: act.at,
      }
      const outcome = await once(keyed, async () => {
        if ('delivery_ids' in request)
          return done(await deliveries.replay(request.delivery_ids, act), null)
        const { endpoint_id: endpointId, since } = request
        const endpoint = await endpoints.find(endpointId)
        if (endpoint === undefined) return refuse('webhook_endpoint_not_found')
        if (endpoint.state === 'disabled') return refuse('webhook_endpoint_disabled')
        const of = { endpointId, since, limit: REPLAY_MAX }
        const { replayed, until } = await deliveries.replaySince(of, act)
        return done(replayed, until)
      })
      return outcome.kind === 'reused'
        ? problem(c, 'idempotency_key_reused', 'This Idempotency-Key came with another request.')
        : render(outcome)
    })
}

const REFUSALS = {
  webhook_endpoint_not_found: 'There is no endpoint of this id.',
  webhook_endpoint_disabled:
    'It is told nothing. PUT /admin/webhook-endpoints/{id}/state enables it.',
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
