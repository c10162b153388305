import { cors } from 'hono/cors'

/** A browser asks again after this time whether it may. */
const PREFLIGHT_MAX_AGE_S = 600

/**
 * Lets pages of these origins call with a user's token, and read the headers that tell when to come back. Neither
 * cookies nor `X-User-Id`: a browser is no place for an API key.
 */
export const crossOrigin = (origins: readonly string[]) =>
  cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id'],
    exposeHeaders: ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    maxAge: PREFLIGHT_MAX_AGE_S,
  })
