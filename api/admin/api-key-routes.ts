import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/text.ts'
import { API_KEY_NAME_MAX_CHARACTERS, SCOPES } from '../../domain/operator/api-key.ts'
import { idempotencyHeader } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../problem.ts'
import { apiKeySchema } from './api-key-view.ts'
import { expiresAtField, limitField, overlapField } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { below } from '../links.ts'

const keyField = z.string().describe('The key itself. It is shown only in this response.')
const params = z.object({ id: z.uuid() })

/** The response is the only place in which the key is shown. */
export const createKeyRoute = createRoute({
  operationId: 'createApiKey',
  leadsTo: [below('/admin/api-keys/{id}', { id: '$response.body#/id' })],
  callers: 'operator',
  method: 'post',
  path: '/admin/api-keys',
  tags: ['API keys'],
  summary: 'Create an API key',
  description:
    'Send an `Idempotency-Key` to create no second key on a repeat. The repeat returns `api_key_exists`, because the key itself is not stored.',
  request: {
    headers: idempotencyHeader,
    body: jsonBody(
      requestObject({
        name: text(API_KEY_NAME_MAX_CHARACTERS).describe('A name that says who uses the key.'),
        scopes: z
          .array(z.enum(SCOPES))
          .min(1)
          .max(SCOPES.length)
          .describe(
            '`app` acts for users, `read` reads for users, `operator` administers the service.',
          ),
        expires_at: expiresAtField,
      }).openapi('ApiKeyRequest'),
    ),
  },
  responses: {
    201: {
      description: 'The new key. It is valid immediately.',
      content: jsonContent(apiKeySchema.extend({ key: keyField }).openapi('NewApiKey')),
    },
    ...problemResponses('malformed_json', 'api_key_exists', ...OPERATOR_PROBLEMS),
  },
})

/** Shows the prefix of each key, by which operators recognize it. */
export const listKeysRoute = createRoute({
  operationId: 'listApiKeys',
  callers: 'operator',
  method: 'get',
  path: '/admin/api-keys',
  tags: ['API keys'],
  summary: 'List API keys, newest first',
  request: { query: z.object({ limit: limitField }) },
  responses: {
    200: {
      description: 'All API keys, including expired and revoked ones, without the keys themselves.',
      content: jsonContent(z.object({ api_keys: z.array(apiKeySchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

/** The last key with the scope `operator` cannot be revoked. */
export const revokeKeyRoute = createRoute({
  operationId: 'revokeApiKey',
  callers: 'operator',
  method: 'delete',
  path: '/admin/api-keys/{id}',
  tags: ['API keys'],
  summary: 'Revoke an API key',
  description: 'The key becomes invalid within five seconds. Repeating it changes nothing.',
  request: { params },
  responses: {
    200: {
      description: 'The key, revoked.',
      content: jsonContent(apiKeySchema),
    },
    ...problemResponses('api_key_not_found', 'last_operator_key', ...OPERATOR_PROBLEMS),
  },
})

/** The response is the only place in which the successor is shown. */
export const rotateKeyRoute = createRoute({
  operationId: 'rotateApiKey',
  callers: 'operator',
  method: 'post',
  path: '/admin/api-keys/{id}/rotation',
  tags: ['API keys'],
  summary: 'Rotate an API key',
  description:
    'Creates a successor with the same name, scopes and expiry. During the overlap both keys are valid, then only the successor. A key can be rotated once; later, rotate its successor.',
  request: {
    params,
    body: jsonBody(
      requestObject({
        overlap_seconds: overlapField,
      }).openapi('RotationRequest'),
    ),
  },
  responses: {
    201: {
      description: 'The successor and the replaced key.',
      content: jsonContent(
        apiKeySchema.extend({ key: keyField, replaced: apiKeySchema }).openapi('RotatedApiKey'),
      ),
    },
    ...problemResponses(
      'malformed_json',
      'api_key_not_found',
      'api_key_over',
      ...OPERATOR_PROBLEMS,
    ),
  },
})
