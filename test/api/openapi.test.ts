import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { expect, test, vi } from 'vitest'
import { docs } from '../../api/docs.ts'
import type { ApiEnvironment } from '../../api/environment.ts'
import { openApiDocument } from '../../api/openapi.ts'

const route = createRoute({
  method: 'get',
  path: '/things',
  responses: {
    200: { description: 'All.', content: { 'application/json': { schema: z.object({}) } } },
  },
})

const documented = () => {
  const app = new OpenAPIHono<ApiEnvironment>().openapi(route, (c) => c.json({}, 200))
  openApiDocument(app, '/api')
  return app
}

test('the OpenAPI document is built once, however many callers ask for it', async () => {
  const app = documented()
  const built = vi.spyOn(app, 'getOpenAPI31Document')
  const answers = await Promise.all(
    Array.from({ length: 64 }, async () => app.request('/openapi.json')),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 64 }, () => 200))
  expect(await answers[0]?.json()).toMatchObject({ openapi: '3.1.0', paths: { '/things': {} } })
  expect(built).toHaveBeenCalledTimes(1)
})

test.each([
  ['the OpenAPI document', documented(), '/openapi.json'],
  ['the script of the API reference', docs(), '/docs/swagger-ui-bundle.js'],
])('%s is not sent again to a caller that has it', async (_, app, path) => {
  const first = await app.request(path)
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^".+"$/)
  expect(first.headers.get('cache-control')).toMatch(/max-age=\d+/)
  for (const known of [etag, `"other", W/${etag}`]) {
    const again = await app.request(path, { headers: { 'if-none-match': known } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
  }
  expect((await app.request(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
})
