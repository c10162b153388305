import { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { documentWebhooks } from '../../webhooks/outgoing.ts'
import { webhookDeliveries } from './deliveries.ts'
import { endpointSecrets } from './endpoint-secrets.ts'
import { webhookEndpoints } from './endpoints.ts'
import { testWebhook } from './test.ts'

/** The calls for webhook endpoints and deliveries. Adds the webhooks themselves to the OpenAPI document. */
export function webhookRoutes(dependencies: ApiDependencies) {
  const app = new OpenAPIHono<ApiEnvironment>()
  for (const operation of [endpointSecrets, webhookEndpoints, testWebhook, webhookDeliveries])
    app.route('/', operation(dependencies))
  documentWebhooks(app.openAPIRegistry)
  return app
}
