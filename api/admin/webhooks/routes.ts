import { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { documentWebhooks } from '../../webhooks/outgoing.ts'
import { webhookDeliveries } from './deliveries.ts'
import { webhookEndpoints } from './endpoints.ts'
import { testWebhook } from './test.ts'

/** What operators do with the webhooks that applications get; and, in the document alone, those themselves. */
export function webhookRoutes(dependencies: ApiDependencies) {
  const app = new OpenAPIHono<ApiEnvironment>()
  for (const area of [webhookEndpoints, testWebhook, webhookDeliveries])
    app.route('/', area(dependencies))
  documentWebhooks(app.openAPIRegistry)
  return app
}
