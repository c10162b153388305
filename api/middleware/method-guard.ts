import { createMiddleware } from 'hono/factory'
import { TrieRouter } from 'hono/router/trie-router'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'

type Route = { readonly path: string; readonly method: string }

/**
 * Answers 405 with the header `Allow` if a path exists, but not for the method.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
 */
export function methodGuard(routes: readonly Route[]) {
  const router = new TrieRouter<string>()
  const named = new Map<string, string[]>()
  for (const { path, method } of routes) {
    // Hono registers middleware for all methods; it is not a route.
    if (method === 'ALL') continue
    router.add('ALL', path, method)
    named.set(path, [...(named.get(path) ?? []), method])
  }
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const { path, method } = c.req
    // `/subscriptions/current` also matches `/subscriptions/:id`; only the exact path counts.
    const found = new Set(named.get(path) ?? router.match('ALL', path)[0].map(([each]) => each))
    if (found.has('GET')) found.add('HEAD')
    if (found.size === 0 || found.has(method)) return next()
    const allow = [...found].join(', ')
    return problem(c, 'method_not_allowed', `This path accepts ${allow}.`, {
      headers: { Allow: allow },
    })
  })
}
