import { OpenAPIHono } from '@hono/zod-openapi'
import { derivedUuid } from '../../../adapters/secrets/derived-uuid.ts'
import { webhookEndpointKey, webhookRotationKey } from '../../../domain/keys.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { idempotencyKeyOf } from '../../idempotency.ts'
import { problem } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { missingEndpoint, notConfigured, urlProblem } from './endpoint-problems.ts'
import { createEndpointRoute, ENDPOINTS_MAX, rotateSecretRoute } from './endpoint-routes.ts'
import { viewOfEndpoint } from './endpoint-view.ts'

/** The calls that return a new signing secret. A repeat cannot return it again, because secrets are stored encrypted. */
export const endpointSecrets = (dependencies: ApiDependencies) => {
  const { repositories, webhooks, clock } = dependencies
  const { endpoints } = repositories.webhooks
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(createEndpointRoute, async (c) => {
      const operator = operatorOf(c)
      if (webhooks.secrets === undefined) return notConfigured(c)
      const { url, description, event_types: eventTypes } = c.req.valid('json')
      const wrong = urlProblem(c, dependencies, url)
      if (wrong) return wrong
      const { keyId } = operator
      const id = derivedUuid(webhookEndpointKey(keyId, idempotencyKeyOf(c)))
      const { secret, sealed } = webhooks.secrets.make(id)
      const at = clock.now()
      const given = { id, sealed, url, description, eventTypes }
      const created = await endpoints.create(given, ENDPOINTS_MAX, { at, keyId })
      if (created !== undefined) return c.json({ ...viewOfEndpoint(created, at), secret }, 201)
      const isRepeat = (await endpoints.find(id)) !== undefined
      return isRepeat
        ? problem(
            c,
            'webhook_endpoint_exists',
            `The first request has created the endpoint \`${id}\` and shown its secret. POST /admin/webhook-endpoints/${id}/rotation creates a new secret.`,
          )
        : problem(
            c,
            'webhook_endpoints_exhausted',
            `There are already ${ENDPOINTS_MAX} endpoints. Delete one first.`,
          )
    })
    .openapi(rotateSecretRoute, async (c) => {
      const operator = operatorOf(c)
      if (webhooks.secrets === undefined) return notConfigured(c)
      const { id } = c.req.valid('param')
      const { keyId } = operator
      const at = clock.now()
      const until = new Date(at.getTime() + c.req.valid('json').overlap_seconds * 1_000)
      const { secret, sealed } = webhooks.secrets.make(id.toLowerCase())
      const command = webhookRotationKey(keyId, idempotencyKeyOf(c))
      const rotated = await endpoints.rotate(id, { sealed, until, command }, { at, keyId })
      if (rotated !== undefined) return c.json({ ...viewOfEndpoint(rotated, at), secret }, 201)
      return (await endpoints.find(id)) === undefined
        ? missingEndpoint(c)
        : problem(
            c,
            'webhook_secret_rotated',
            'The first request has created a secret and shown it. Use a new Idempotency-Key to create another one.',
          )
    })
}
