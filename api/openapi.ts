import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnvironment } from './environment.ts'
import { withLinks } from './links.ts'
import { answerPrepared, prepare, type Prepared } from './prepared.ts'

const INFO = {
  openapi: '3.1.0',
  info: {
    title: 'Perennial',
    version: '1',
    description:
      'Durable subscription billing. Amounts of money are integers in minor units. Times are ISO 8601 in UTC.',
  },
  security: [{ api_key: [] }, { user_token: [] }],
}

/** Serves the OpenAPI document of all routes. It takes some 50 ms of CPU, so it is built once, at the first request. */
export function openApiDocument(app: OpenAPIHono<ApiEnvironment>, basePath: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'api_key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key. Applications name the user in the header `X-User-Id`.',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'user_token', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The token of an end user. Its claim `sub` is the user id.',
  })
  let built: Prepared | undefined
  app.get('/openapi.json', (c) => {
    built ??= prepare(
      JSON.stringify(withLinks(app.getOpenAPI31Document(INFO), basePath)),
      'application/json',
    )
    return answerPrepared(c, built)
  })
}
