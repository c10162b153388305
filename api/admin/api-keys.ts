import { OpenAPIHono } from '@hono/zod-openapi'
import { newApiKey } from '../../adapters/secrets/api-key-secret.ts'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import { apiKeyKey, successorKey } from '../../domain/keys.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyKeyOf } from '../idempotency.ts'
import { expiryProblem } from '../instant.ts'
import { problem } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { createKeyRoute, listKeysRoute, revokeKeyRoute, rotateKeyRoute } from './api-key-routes.ts'
import { viewOfKey } from './api-key-view.ts'

const NOT_FOUND = 'There is no API key with this id. GET /admin/api-keys lists all keys.'
const LAST_OPERATOR =
  'Without this key nobody could create API keys over HTTP. Create another key with the scope `operator` first.'

/** Only the hash of a key is stored, so a repeated request cannot return the key again. */
export const apiKeys = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(createKeyRoute, async (c) => {
      const operator = operatorOf(c)
      const { name, scopes, expires_at: expiresAt } = c.req.valid('json')
      const at = clock.now()
      const wrong = expiryProblem(c, expiresAt, at)
      if (wrong) return wrong
      const id = derivedUuid(apiKeyKey(operator.keyId, idempotencyKeyOf(c)))
      const { key, prefix, hash } = newApiKey()
      const made = await repositories.apiKeys.create(
        { id, name, prefix, hash, scopes, expiresAt },
        { at, by: operator.keyId },
      )
      return made === undefined
        ? problem(
            c,
            'api_key_exists',
            `The first request has created the key \`${id}\` and shown it. POST /admin/api-keys/${id}/rotation replaces it.`,
          )
        : c.json({ ...viewOfKey(made), key }, 201)
    })
    .openapi(listKeysRoute, async (c) => {
      const found = await repositories.apiKeys.list(c.req.valid('query').limit)
      return c.json({ api_keys: found.map(viewOfKey) }, 200)
    })
    .openapi(revokeKeyRoute, async (c) => {
      const operator = operatorOf(c)
      const act = { at: clock.now(), by: operator.keyId }
      const outcome = await repositories.apiKeys.revoke(c.req.valid('param').id, act)
      if (outcome.kind === 'unknown') return problem(c, 'api_key_not_found', NOT_FOUND)
      return outcome.kind === 'last_operator'
        ? problem(c, 'last_operator_key', LAST_OPERATOR)
        : c.json(viewOfKey(outcome.key), 200)
    })
    .openapi(rotateKeyRoute, async (c) => {
      const operator = operatorOf(c)
      const { id } = c.req.valid('param')
      const at = clock.now()
      const until = new Date(at.getTime() + c.req.valid('json').overlap_seconds * 1_000)
      const { key, prefix, hash } = newApiKey()
      const successor = { id: derivedUuid(successorKey(id)), prefix, hash }
      const act = { at, by: operator.keyId }
      const outcome = await repositories.apiKeys.rotate(id, successor, until, act)
      if (outcome.kind === 'unknown') return problem(c, 'api_key_not_found', NOT_FOUND)
      return outcome.kind === 'over'
        ? problem(
            c,
            'api_key_over',
            'The key is revoked, expired or already rotated. Rotate its successor, or create a new key.',
          )
        : c.json({ ...viewOfKey(outcome.key), key, replaced: viewOfKey(outcome.replaced) }, 201)
    })
