import { createMiddleware } from 'hono/factory'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'

/** Refuses query parameters with other names: a parameter that is ignored would change what the caller gets. */
export function knownQuery(names: readonly string[]) {
  const fix =
    names.length === 0
      ? 'This call has no query parameters.'
      : `The query parameters are ${names.map((name) => `\`${name}\``).join(', ')}.`
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    const at = c.req.url.indexOf('?')
    if (at < 0) return next()
    const given = new URLSearchParams(c.req.url.slice(at)).keys()
    const unknown = [...new Set(given)].filter((name) => !names.includes(name))
    if (unknown.length === 0) return next()
    const errors = unknown.map((field) => ({ field, detail: 'unknown query parameter' }))
    return problem(c, 'invalid_request', fix, { errors })
  })
}
