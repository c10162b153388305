import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { derivedUuid } from '../../../adapters/secrets/derived-uuid.ts'
import { webhookEndpointKey, webhookRotationKey } from '../../../domain/keys.ts'
import type { WebhookEndpoint } from '../../../domain/webhook/repository.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { newIdempotencyKey } from '../../idempotency.ts'
import { problem } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import {
  changeEndpointRoute,
  createEndpointRoute,
  deleteEndpointRoute,
  ENDPOINTS_MAX,
  getEndpointRoute,
  listEndpointsRoute,
  rotateSecretRoute,
  stateRoute,
} from './endpoint-routes.ts'
import { viewOfEndpoint } from './endpoint-view.ts'

type WorkflowReply = Context<ApiEnvironment>

export const missingEndpoint = (c: WorkflowReply) =>
  problem(
    c,
    'webhook_endpoint_not_found',
    'There is no endpoint of this id. GET /admin/webhook-endpoints lists all.',
  )

export const notConfigured = (c: WorkflowReply) =>
  problem(
    c,
    'webhooks_not_configured',
    'Set WEBHOOK_SECRET_KEYS for the API and the worker: signing secrets are kept sealed.',
  )

const answer = (c: WorkflowReply, found: WebhookEndpoint | undefined, at: Date) =>
  found === undefined ? missingEndpoint(c) : c.json(viewOfEndpoint(found, at), 200)

/** A secret is shown in one answer, and only sealed ever after: a repeat is told that it was made, never what it is. */
export const webhookEndpoints = ({ repositories, webhooks, clock }: ApiDependencies) => {
  const { endpoints } = repositories.webhooks
  const insecure = (c: WorkflowReply, url: string) =>
    webhooks.allowsLocal || url.startsWith('https://')
      ? undefined
      : problem(c, 'invalid_request', '`url` must be an https:// address.', {
          errors: [{ field: 'url', detail: 'not https://' }],
        })

  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(createEndpointRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      if (webhooks.secrets === undefined) return notConfigured(c)
      const { url, description, event_types: eventTypes } = c.req.valid('json')
      const wrong = insecure(c, url)
      if (wrong) return wrong
      const { keyId } = operator
      const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
      const id = derivedUuid(webhookEndpointKey(keyId, key))
      const { secret, sealed } = webhooks.secrets.make(id)
      const at = clock.now()
      const given = { id, sealed, url, description, eventTypes }
      const made = await endpoints.create(given, ENDPOINTS_MAX, { at, keyId })
      if (made !== undefined) return c.json({ ...viewOfEndpoint(made, at), secret }, 201)
      return (await endpoints.find(id)) === undefined
        ? problem(
            c,
            'webhook_endpoints_exhausted',
            `There are ${ENDPOINTS_MAX} endpoints. Delete one first.`,
          )
        : problem(
            c,
            'webhook_endpoint_exists',
            `It is \`${id}\`, and its secret was shown when it was made. POST /admin/webhook-endpoints/${id}/rotation makes another.`,
          )
    })
    .openapi(listEndpointsRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const found = await endpoints.list()
      const at = clock.now()
      return c.json({ webhook_endpoints: found.map((each) => viewOfEndpoint(each, at)) }, 200)
    })
    .openapi(getEndpointRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      return answer(c, await endpoints.find(c.req.valid('param').id), clock.now())
    })
    .openapi(changeEndpointRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { url, description, event_types: eventTypes } = c.req.valid('json')
      const wrong = insecure(c, url)
      if (wrong) return wrong
      const act = { at: clock.now(), keyId: operator.keyId }
      const settings = { url, description, eventTypes }
      return answer(c, await endpoints.change(c.req.valid('param').id, settings, act), act.at)
    })
    .openapi(deleteEndpointRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const act = { at: clock.now(), keyId: operator.keyId }
      return answer(c, await endpoints.remove(c.req.valid('param').id, act), act.at)
    })
    .openapi(stateRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { id } = c.req.valid('param')
      const wanted = c.req.valid('json')
      const act = { at: clock.now(), keyId: operator.keyId }
      return wanted.state === 'enabled'
        ? answer(c, await endpoints.enable(id, act), act.at)
        : answer(c, await endpoints.disable(id, wanted.reason, act), act.at)
    })
    .openapi(rotateSecretRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      if (webhooks.secrets === undefined) return notConfigured(c)
      const { id } = c.req.valid('param')
      const { keyId } = operator
      const at = clock.now()
      const until = new Date(at.getTime() + c.req.valid('json').overlap_seconds * 1_000)
      const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
      const { secret, sealed } = webhooks.secrets.make(id.toLowerCase())
      const command = webhookRotationKey(keyId, key)
      const rotated = await endpoints.rotate(id, { sealed, until, command }, { at, keyId })
      if (rotated !== undefined) return c.json({ ...viewOfEndpoint(rotated, at), secret }, 201)
      return (await endpoints.find(id)) === undefined
        ? missingEndpoint(c)
        : problem(
            c,
            'webhook_secret_rotated',
            'This request made a secret before, and showed it then. Use a new key to make another.',
          )
    })
}
