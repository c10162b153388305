import { z } from '@hono/zod-openapi'
import { note, text } from '../../../adapters/text.ts'
import { idempotencyHeader } from '../../idempotency.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../../problem.ts'
import { overlapField, reasonField } from '../request.ts'
import { endpointSchema, typeField } from './endpoint-view.ts'
import { createRoute } from '../../route.ts'
import { requestObject } from '../../request-object.ts'
import { below } from '../../links.ts'

/** Each endpoint costs one delivery of every event. */
export const ENDPOINTS_MAX = 20
const URL_MAX_CHARACTERS = 2_048
const DESCRIPTION_MAX_CHARACTERS = 200
const TYPES_MAX = 100

const urlField = text(URL_MAX_CHARACTERS)
  .refine((value) => {
    if (!URL.canParse(value)) return false
    const { protocol, username, password } = new URL(value)
    return /^https?:$/.test(protocol) && username === '' && password === ''
  }, 'must be an http:// or https:// address without a user or password')
  .openapi({ type: 'string', format: 'uri' })
  .describe('In production it must be an https:// address outside private networks.')

const settings = {
  url: urlField,
  description: note(DESCRIPTION_MAX_CHARACTERS).default('').describe('A note for operators.'),
  event_types: z
    .array(typeField)
    .min(1)
    .max(TYPES_MAX)
    .nullable()
    .default(null)
    .describe('The types to send; null is all types, including those of later releases.'),
}
const settingsSchema = requestObject(settings).openapi('WebhookEndpointRequest')
const secretField = z
  .string()
  .describe('The signing secret, `whsec_…`. It is shown only in this response.')
const shown = endpointSchema.extend({ secret: secretField }).openapi('NewWebhookEndpoint')

const params = z.object({ id: z.uuid() })
const tags = ['Webhooks']
const path = '/admin/webhook-endpoints/{id}'

/** The responses of a call that returns the endpoint. */
const answers = (description: string) => ({
  200: { description, content: jsonContent(endpointSchema) },
  ...problemResponses('webhook_endpoint_not_found', ...OPERATOR_PROBLEMS),
})

/** The response is the only place in which the secret is shown. */
export const createEndpointRoute = createRoute({
  operationId: 'createWebhookEndpoint',
  leadsTo: [below(path, { id: '$response.body#/id' })],
  callers: 'operator',
  method: 'post',
  path: '/admin/webhook-endpoints',
  tags,
  summary: 'Create a webhook endpoint',
  description: `Events are signed as the Standard Webhooks specification says. There can be at most ${ENDPOINTS_MAX} endpoints. Send an \`Idempotency-Key\` to create no second endpoint on a repeat. The repeat returns \`webhook_endpoint_exists\`, because the secret is shown only once.`,
  request: { headers: idempotencyHeader, body: jsonBody(settingsSchema) },
  responses: {
    201: {
      description: 'The endpoint. It receives all events from now on.',
      content: jsonContent(shown),
    },
    ...problemResponses(
      'malformed_json',
      'webhook_endpoint_exists',
      'webhook_endpoints_exhausted',
      'webhooks_not_configured',
      ...OPERATOR_PROBLEMS,
    ),
  },
})

/** One page is enough, because the number of endpoints is limited. */
export const listEndpointsRoute = createRoute({
  operationId: 'listWebhookEndpoints',
  callers: 'operator',
  method: 'get',
  path: '/admin/webhook-endpoints',
  tags,
  summary: 'List webhook endpoints, oldest first',
  responses: {
    200: {
      description: `All endpoints, at most ${ENDPOINTS_MAX}.`,
      content: jsonContent(z.object({ webhook_endpoints: z.array(endpointSchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'database_unavailable'),
  },
})

/** Without the secret, which is shown only when it is made. */
export const getEndpointRoute = createRoute({
  operationId: 'getWebhookEndpoint',
  callers: 'operator',
  method: 'get',
  path,
  tags,
  summary: 'Get a webhook endpoint',
  request: { params },
  responses: answers('The endpoint.'),
})

/** Replaces all settings. The secret stays. */
export const changeEndpointRoute = createRoute({
  operationId: 'putWebhookEndpoint',
  callers: 'operator',
  method: 'put',
  path,
  tags,
  summary: 'Change a webhook endpoint',
  description:
    'A field that is left out gets its default. Pending deliveries go to the new address.',
  request: { params, body: jsonBody(settingsSchema) },
  responses: { ...answers('The endpoint as it is now.'), ...problemResponses('malformed_json') },
})

/** The response is the endpoint as it was. */
export const deleteEndpointRoute = createRoute({
  operationId: 'deleteWebhookEndpoint',
  callers: 'operator',
  method: 'delete',
  path,
  tags,
  summary: 'Delete a webhook endpoint',
  description: 'Also deletes its deliveries, including those that are not sent yet.',
  request: { params },
  responses: answers('The deleted endpoint.'),
})

/** Only disabling needs a reason. */
export const stateRoute = createRoute({
  operationId: 'setWebhookEndpointState',
  callers: 'operator',
  method: 'put',
  path: `${path}/state`,
  tags,
  summary: 'Enable or disable a webhook endpoint',
  description:
    'A disabled endpoint receives nothing, and its pending deliveries fail. After enabling it, replay what it has missed.',
  request: {
    params,
    body: jsonBody(
      z
        .discriminatedUnion('state', [
          requestObject({ state: z.literal('enabled') }),
          requestObject({ state: z.literal('disabled'), reason: reasonField }),
        ])
        .openapi('WebhookEndpointState'),
    ),
  },
  responses: { ...answers('The endpoint as it is now.'), ...problemResponses('malformed_json') },
})

/** The response is the only place in which the new secret is shown. */
export const rotateSecretRoute = createRoute({
  operationId: 'rotateWebhookSecret',
  callers: 'operator',
  method: 'post',
  path: `${path}/rotation`,
  tags,
  summary: 'Rotate the signing secret of a webhook endpoint',
  description:
    'During the overlap each event is signed with both secrets. Send an `Idempotency-Key` to create no second secret on a repeat. The repeat returns `webhook_secret_rotated`.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(
      requestObject({
        overlap_seconds: overlapField,
      }).openapi('WebhookRotationRequest'),
    ),
  },
  responses: {
    201: { description: 'The endpoint, with its new secret.', content: jsonContent(shown) },
    ...problemResponses(
      'malformed_json',
      'webhook_endpoint_not_found',
      'webhook_secret_rotated',
      'webhooks_not_configured',
      ...OPERATOR_PROBLEMS,
    ),
  },
})

/** The status of the endpoint’s response is a field of the answer, and never the status of the answer. */
export const testRoute = createRoute({
  operationId: 'testWebhookEndpoint',
  callers: 'operator',
  method: 'post',
  path: `${path}/test`,
  tags,
  summary: 'Send a test event',
  description:
    'Sends an event of the type `webhook.test` now, once and without retries, also to a disabled endpoint.',
  request: { params, headers: idempotencyHeader },
  responses: {
    200: {
      description: 'The response of the endpoint.',
      content: jsonContent(
        z
          .object({
            webhook_id: z.string(),
            acknowledged: z.boolean(),
            status: z.int().nullable().describe('Null if there was no response.'),
            error: z.string().nullable(),
            body: z.string().describe('The beginning of the response body.'),
            duration_ms: z.int(),
          })
          .openapi('WebhookTest'),
      ),
    },
    ...problemResponses(
      'webhook_endpoint_not_found',
      'webhooks_not_configured',
      'idempotency_key_reused',
      ...OPERATOR_PROBLEMS,
    ),
  },
})
