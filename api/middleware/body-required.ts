import type { OpenAPIHono } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { TrieRouter } from 'hono/router/trie-router'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'

type Definitions = OpenAPIHono<ApiEnvironment>['openAPIRegistry']['definitions']

const MEDIA_TYPE = /^application\/json\b/i

/** Answers 415 if a route has a JSON body and the request has none or another type. A missing body does not count as `{}`. */
export function bodyRequired(definitions: Definitions) {
  const router = new TrieRouter<true>()
  for (const definition of definitions) {
    if (definition.type !== 'route' || definition.route.request?.body === undefined) continue
    const { method, path } = definition.route
    router.add(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), true)
  }
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const hasBody = router.match(c.req.method, c.req.path)[0].length > 0
    if (!hasBody || MEDIA_TYPE.test(c.req.header('content-type') ?? '')) return next()
    return problem(
      c,
      'unsupported_media_type',
      'Send a JSON body with the header `Content-Type: application/json`.',
    )
  })
}
