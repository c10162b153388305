import { cors } from 'hono/cors'

/** How long browsers may cache the answer to a preflight request. */
const PREFLIGHT_MAX_AGE_S = 600

/**
 * Lets pages of these origins call the API with a user's token and read the rate limit headers. Cookies and `X-User-Id`
 * stay forbidden, because API keys do not belong in a browser.
 */
export const crossOrigin = (origins: readonly string[]) =>
  cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'X-Request-Id',
      'X-Namespace',
    ],
    exposeHeaders: ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    maxAge: PREFLIGHT_MAX_AGE_S,
  })
