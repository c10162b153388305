import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import type { ApiEnvironment } from './environment.ts'

/** What Hono's `secureHeaders` says of every answer. A test holds the two together. */
const HEADERS = Object.entries({
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=15552000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'X-Download-Options': 'noopen',
  'X-Frame-Options': 'SAMEORIGIN',
  'X-Permitted-Cross-Domain-Policies': 'none',
  'X-XSS-Protection': '0',
})

/**
 * Security headers for every answer. Hono's own change the answer after it was made, which takes it off the server's
 * fast path; below `fastPath` they are said beforehand, which holds for answers that are made by the context alone.
 */
export function securityHeaders({ fastPath }: { readonly fastPath: string }) {
  const afterwards = secureHeaders({ crossOriginResourcePolicy: false })
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    if (!c.req.path.startsWith(fastPath)) return afterwards(c, next)
    for (const [name, value] of HEADERS) c.header(name, value)
    return next()
  })
}
