import type { OpenAPIHono } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { TrieRouter } from 'hono/router/trie-router'
import type { ApiEnvironment } from './environment.ts'
import { problem } from './problem.ts'

type Definitions = OpenAPIHono<ApiEnvironment>['openAPIRegistry']['definitions']

const MEDIA_TYPE = /^application\/json\b/i

/** Answers 415 where a route takes a body and gets none, or one of another type: what is left out is not `{}`. */
export function bodyGuard(definitions: Definitions) {
  const router = new TrieRouter<true>()
  for (const definition of definitions) {
    if (definition.type !== 'route' || definition.route.request?.body === undefined) continue
    const { method, path } = definition.route
    router.add(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), true)
  }
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const takesBody = router.match(c.req.method, c.req.path)[0].length > 0
    if (!takesBody || MEDIA_TYPE.test(c.req.header('content-type') ?? '')) return next()
    return problem(
      c,
      'unsupported_media_type',
      'Send a body, and the header `Content-Type: application/json`.',
    )
  })
}
