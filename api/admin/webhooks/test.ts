import { createHash } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import { sendTestEvent } from '../../../outbox/webhooks/test-delivery.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { answerOnce } from '../../idempotency.ts'
import { validationHook } from '../../validation.ts'
import { missingEndpoint, notConfigured } from './endpoint-problems.ts'
import { testRoute } from './endpoint-routes.ts'

/** Of the hash in the id of a test event. The hash includes the idempotency key, so a repeat has the same id. */
const HASH_CHARACTERS = 24

/** Sends a test event and returns the endpoint's response. */
export const testWebhook = (dependencies: ApiDependencies) => {
  const { repositories, webhooks, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    testRoute,
    async (c) => {
      const operator = operatorOf(c)
      const { secrets, post } = webhooks
      if (secrets === undefined) return notConfigured(c)
      const endpoint = await repositories.webhooks.endpoints.find(c.req.valid('param').id)
      if (endpoint === undefined) return missingEndpoint(c)
      const { keyId } = operator
      const keyed = {
        caller: `operator/${keyId}`,
        request: { operation: 'test-webhook', id: endpoint.id },
      }
      return answerOnce(c, dependencies, keyed, async ({ key }) => {
        const hash = createHash('sha256').update(`${keyId}/${key}`).digest('hex')
        const id = `evt_test_${hash.slice(0, HASH_CHARACTERS)}`
        const event = { id, at: clock.now(), wall: new Date() }
        const reply = await sendTestEvent({ post, secrets }, endpoint, event)
        const { status, failure, body, durationMs } = reply
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
    },
  )
}
