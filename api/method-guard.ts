import { createMiddleware } from 'hono/factory'
import { TrieRouter } from 'hono/router/trie-router'
import type { ApiEnvironment } from './environment.ts'
import { problem } from './problem.ts'

type Route = { readonly path: string; readonly method: string }

/** Answers 405 with `Allow` (RFC 9110 §15.5.6) where a path exists, though not for this method. */
export function methodGuard(routes: readonly Route[]) {
  const router = new TrieRouter<string>()
  const named = new Map<string, string[]>()
  for (const { path, method } of routes) {
    // What stands for all methods is a middleware, and no answer.
    if (method === 'ALL') continue
    router.add('ALL', path, method)
    named.set(path, [...(named.get(path) ?? []), method])
  }
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const { path, method } = c.req
    // A path that has a name of its own is no other one's id.
    const found = new Set(named.get(path) ?? router.match('ALL', path)[0].map(([each]) => each))
    if (found.has('GET')) found.add('HEAD')
    if (found.size === 0 || found.has(method)) return next()
    const allow = [...found].join(', ')
    return problem(c, 'method_not_allowed', `This path takes ${allow}.`, {
      headers: { Allow: allow },
    })
  })
}
