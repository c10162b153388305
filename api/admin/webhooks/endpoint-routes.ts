import { createRoute, z } from '@hono/zod-openapi'
import { note, text } from '../../../adapters/database/text.ts'
import { idempotencyHeader } from '../../idempotency.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { problemResponses } from '../../problem.ts'
import { reasonField } from '../request.ts'
import { endpointSchema, typeField } from './endpoint-view.ts'

/** More of them are a mistake, and each costs a delivery of every event. */
export const ENDPOINTS_MAX = 20
const URL_MAX_CHARACTERS = 2_048
const DESCRIPTION_MAX_CHARACTERS = 200
const TYPES_MAX = 100
/** Long enough for every deployment of a receiver; a leaked secret should not live longer. */
const OVERLAP_MAX_S = 30 * 86_400
const OVERLAP_S = 86_400

const urlField = text(URL_MAX_CHARACTERS)
  .refine((value) => {
    if (!URL.canParse(value)) return false
    const { protocol, username, password } = new URL(value)
    return /^https?:$/.test(protocol) && username === '' && password === ''
  }, 'an http(s) address without a user or password in it')
  .openapi({ type: 'string', format: 'uri' })
  .describe('In production https://, and no address of a private network.')

const settings = {
  url: urlField,
  description: note(DESCRIPTION_MAX_CHARACTERS).default('').describe('For people.'),
  event_types: z
    .array(typeField)
    .min(1)
    .max(TYPES_MAX)
    .nullable()
    .default(null)
    .describe('What it is told of; null is everything, what later releases tell too.'),
}
const settingsSchema = z.strictObject(settings).openapi('WebhookEndpointRequest')
const secretField = z
  .string()
  .describe('`whsec_…`, for the receiver alone. It is shown here and never again.')
const shown = endpointSchema.extend({ secret: secretField }).openapi('NewWebhookEndpoint')

const params = z.object({ id: z.uuid() })
const tags = ['Webhooks']
const COMMON = ['unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'] as const
const path = '/admin/webhook-endpoints/{id}'

/** What is answered with the endpoint, as it is then. */
const answers = (description: string) => ({
  200: { description, content: jsonContent(endpointSchema) },
  ...problemResponses('webhook_endpoint_not_found', ...COMMON),
})

export const createEndpointRoute = createRoute({
  method: 'post',
  path: '/admin/webhook-endpoints',
  tags,
  summary: 'Have an application told of what happens',
  description: `Signed by the Standard Webhooks specification. At most ${ENDPOINTS_MAX}. Give an \`Idempotency-Key\`: a repeat then makes no second one. It is answered \`webhook_endpoint_exists\`, because the secret is shown once.`,
  request: { headers: idempotencyHeader, body: jsonBody(settingsSchema) },
  responses: {
    201: { description: 'Told of all that happens from now on.', content: jsonContent(shown) },
    ...problemResponses(
      'malformed_json',
      'webhook_endpoint_exists',
      'webhook_endpoints_exhausted',
      'webhooks_not_configured',
      ...COMMON,
    ),
  },
})

export const listEndpointsRoute = createRoute({
  method: 'get',
  path: '/admin/webhook-endpoints',
  tags,
  summary: 'Webhook endpoints, the oldest first',
  responses: {
    200: {
      description: `All, at most ${ENDPOINTS_MAX}.`,
      content: jsonContent(z.object({ webhook_endpoints: z.array(endpointSchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'database_unavailable'),
  },
})

export const getEndpointRoute = createRoute({
  method: 'get',
  path,
  tags,
  summary: 'One webhook endpoint',
  request: { params },
  responses: answers('The endpoint.'),
})

export const changeEndpointRoute = createRoute({
  method: 'put',
  path,
  tags,
  summary: 'Change address, description and types of a webhook endpoint',
  description: 'What is left out gets its default. What waits to be sent goes to the new address.',
  request: { params, body: jsonBody(settingsSchema) },
  responses: { ...answers('The endpoint as it is now.'), ...problemResponses('malformed_json') },
})

export const deleteEndpointRoute = createRoute({
  method: 'delete',
  path,
  tags,
  summary: 'Delete a webhook endpoint',
  description: 'With its deliveries, also those that were not sent yet.',
  request: { params },
  responses: answers('The endpoint that was.'),
})

export const stateRoute = createRoute({
  method: 'put',
  path: `${path}/state`,
  tags,
  summary: 'Disable a webhook endpoint, or enable it again',
  description:
    'A disabled one is told nothing, and what waited for it is given up; once enabled, a replay brings it back.',
  request: {
    params,
    body: jsonBody(
      z
        .discriminatedUnion('state', [
          z.strictObject({ state: z.literal('enabled') }),
          z.strictObject({ state: z.literal('disabled'), reason: reasonField }),
        ])
        .openapi('WebhookEndpointState'),
    ),
  },
  responses: { ...answers('The endpoint as it is now.'), ...problemResponses('malformed_json') },
})

export const rotateSecretRoute = createRoute({
  method: 'post',
  path: `${path}/rotation`,
  tags,
  summary: 'Replace the signing secret of a webhook endpoint',
  description:
    'During the overlap each event is signed with both. Give an `Idempotency-Key`: a repeat then makes no other secret, and is answered `webhook_secret_rotated`.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(
      z
        .strictObject({
          overlap_seconds: z
            .int()
            .min(0)
            .max(OVERLAP_MAX_S)
            .default(OVERLAP_S)
            .describe('0 ends the secrets before at once: for one that leaked.'),
        })
        .openapi('WebhookRotationRequest'),
    ),
  },
  responses: {
    201: { description: 'The endpoint, with its new secret.', content: jsonContent(shown) },
    ...problemResponses(
      'malformed_json',
      'webhook_endpoint_not_found',
      'webhook_secret_rotated',
      'webhooks_not_configured',
      ...COMMON,
    ),
  },
})

export const testRoute = createRoute({
  method: 'post',
  path: `${path}/test`,
  tags,
  summary: 'Send a test event now, and see what is answered',
  description:
    'Its type is `webhook.test`, it is sent once, whatever comes of it, and also to an endpoint that is disabled.',
  request: { params, headers: idempotencyHeader },
  responses: {
    200: {
      description: 'What came back.',
      content: jsonContent(
        z
          .object({
            webhook_id: z.string(),
            acknowledged: z.boolean(),
            status: z.int().nullable().describe('Null when no answer came.'),
            error: z.string().nullable(),
            body: z.string().describe('What the answer begins with.'),
            duration_ms: z.int(),
          })
          .openapi('WebhookTest'),
      ),
    },
    ...problemResponses(
      'webhook_endpoint_not_found',
      'webhooks_not_configured',
      'idempotency_key_reused',
      ...COMMON,
    ),
  },
})
