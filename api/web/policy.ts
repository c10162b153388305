import { createMiddleware } from 'hono/factory'
import type { ApiEnvironment } from '../environment.ts'

/**
 * The content security policy of pages: everything is loaded from this process, and inline scripts and styles do not run.
 *
 * @param frameAncestors The origins that may show the page in a frame; empty for none.
 * @param cacheControl Whether browsers and proxies may keep the page. Only a page without a session may be kept.
 */
export const pagePolicy = (frameAncestors: readonly string[], cacheControl = 'no-store') =>
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
    // A copy of an error would outlast the error.
    c.header('cache-control', c.res.ok ? cacheControl : 'no-store')
  })
