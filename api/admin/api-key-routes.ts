import { createRoute, z } from '@hono/zod-openapi'
import { text } from '../../adapters/database/text.ts'
import { API_KEY_NAME_MAX_CHARACTERS, SCOPES } from '../../domain/operator/api-key.ts'
import { idempotencyHeader } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { apiKeySchema } from './api-key-view.ts'
import { expiresAtField, limitField } from './request.ts'

/** Long enough for every deployment of a caller; a leaked key should not live longer. */
const OVERLAP_MAX_S = 30 * 86_400
const OVERLAP_S = 86_400

const keyField = z.string().describe('The key itself. It is shown here and never again.')
const params = z.object({ id: z.uuid() })
const COMMON = ['unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'] as const

export const createKeyRoute = createRoute({
  method: 'post',
  path: '/admin/api-keys',
  tags: ['API keys'],
  summary: 'Make an API key',
  description:
    'Give an `Idempotency-Key`: a repeat then makes no second key. It is answered `api_key_exists`, because the key itself is kept nowhere.',
  request: {
    headers: idempotencyHeader,
    body: jsonBody(
      z
        .strictObject({
          name: text(API_KEY_NAME_MAX_CHARACTERS).describe('Whose it is: for people.'),
          scopes: z
            .array(z.enum(SCOPES))
            .min(1)
            .max(SCOPES.length)
            .describe(
              '`app` acts for users, `read` only reads for them, `operator` operates the service.',
            ),
          expires_at: expiresAtField,
        })
        .openapi('ApiKeyRequest'),
    ),
  },
  responses: {
    201: {
      description: 'Works at once.',
      content: jsonContent(apiKeySchema.extend({ key: keyField }).openapi('NewApiKey')),
    },
    ...problemResponses('malformed_json', 'api_key_exists', ...COMMON),
  },
})

export const listKeysRoute = createRoute({
  method: 'get',
  path: '/admin/api-keys',
  tags: ['API keys'],
  summary: 'API keys, the newest first',
  request: { query: z.object({ limit: limitField }) },
  responses: {
    200: {
      description: 'Also those that expired or were revoked. Never a key itself.',
      content: jsonContent(z.object({ api_keys: z.array(apiKeySchema) })),
    },
    ...problemResponses(...COMMON),
  },
})

export const revokeKeyRoute = createRoute({
  method: 'delete',
  path: '/admin/api-keys/{id}',
  tags: ['API keys'],
  summary: 'Revoke an API key',
  description:
    'It opens nothing more, at the latest after five seconds. Repeating it changes nothing.',
  request: { params },
  responses: {
    200: {
      description: 'The key, revoked.',
      content: jsonContent(apiKeySchema),
    },
    ...problemResponses('api_key_not_found', 'last_operator_key', ...COMMON),
  },
})

export const rotateKeyRoute = createRoute({
  method: 'post',
  path: '/admin/api-keys/{id}/rotation',
  tags: ['API keys'],
  summary: 'Replace an API key',
  description:
    'A successor of the same name, scopes and expiry. Both work during the overlap; then the old one opens nothing. A key is rotated once; the next time rotate its successor.',
  request: {
    params,
    body: jsonBody(
      z
        .strictObject({
          overlap_seconds: z
            .int()
            .min(0)
            .max(OVERLAP_MAX_S)
            .default(OVERLAP_S)
            .describe('0 ends the old key at once: for one that leaked.'),
        })
        .openapi('RotationRequest'),
    ),
  },
  responses: {
    201: {
      description: 'The successor, and the key that it replaces.',
      content: jsonContent(
        apiKeySchema.extend({ key: keyField, replaced: apiKeySchema }).openapi('RotatedApiKey'),
      ),
    },
    ...problemResponses('malformed_json', 'api_key_not_found', 'api_key_over', ...COMMON),
  },
})
