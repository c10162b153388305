import { createHash } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import { sendTestEvent } from '../../../outbox/webhooks/test-delivery.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { newIdempotencyKey, once, render } from '../../idempotency.ts'
import { problem } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { testRoute } from './endpoint-routes.ts'
import { missingEndpoint, notConfigured } from './endpoints.ts'

/** Characters of the name of a test event, which is made of the request's key: repeated, it is the same event. */
const NAME_CHARACTERS = 24

export const testWebhook = ({ repositories, webhooks, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(testRoute, async (c) => {
    const operator = operatorOf(c)
    if (operator.kind === 'refused') return operator.answer
    const { secrets, post } = webhooks
    if (secrets === undefined) return notConfigured(c)
    const endpoint = await repositories.webhooks.endpoints.find(c.req.valid('param').id)
    if (endpoint === undefined) return missingEndpoint(c)
    const at = clock.now()
    const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
    const keyed = {
      idempotency: repositories.idempotency,
      caller: `operator/${operator.keyId}`,
      key,
      request: { operation: 'test-webhook', id: endpoint.id },
      at,
    }
    const outcome = await once(keyed, async () => {
      const hash = createHash('sha256').update(`${operator.keyId}/${key}`).digest('hex')
      const id = `evt_test_${hash.slice(0, NAME_CHARACTERS)}`
      const answer = await sendTestEvent({ post, secrets }, endpoint, { id, at, wall: new Date() })
      const { status, failure, body, durationMs } = answer
      const acknowledged = status !== null && status >= 200 && status < 300
      return {
        status: 200,
        body: {
          webhook_id: id,
          acknowledged,
          status,
          error: failure ?? (acknowledged ? null : `it answered ${status}`),
          body,
          duration_ms: durationMs,
        },
      }
    })
    return outcome.kind === 'reused'
      ? problem(c, 'idempotency_key_reused', 'This Idempotency-Key came with another request.')
      : render(outcome)
  })
