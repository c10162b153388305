import { createMiddleware } from 'hono/factory'
import type { ApiEnvironment } from '../environment.ts'

/**
 * What a page may do: load from this process alone, run no script and apply no style that stands in it, and be shown within
 * pages of these origins (none of them, without any).
 */
export const pagePolicy = (frameAncestors: readonly string[]) =>
  createMiddleware<ApiEnvironment>(async (c, next) => {
    await next()
    c.header(
      'content-security-policy',
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')}`,
      ].join('; '),
    )
    c.header('cache-control', 'no-store')
  })
