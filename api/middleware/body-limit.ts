import type { Context } from 'hono'
import { bodyLimit as limitStream } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { ApiEnvironment } from '../environment.ts'

export type BodyLimit = {
  /** In bytes. */
  readonly maxSize: number
  readonly onError: (c: Context<ApiEnvironment>) => Response
}

/**
 * Refuses bodies that are too large. A `Content-Length` header decides alone, because Node reads no more than it says.
 * Hono's own middleware turns every body into a stream first, which takes half the time of a small request.
 */
export function bodyLimit({ maxSize, onError }: BodyLimit) {
  const ofUnknownLength = limitStream({ maxSize, onError })
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return ofUnknownLength(c, next)
    return Number(c.req.header('content-length') ?? 0) > maxSize ? onError(c) : next()
  })
}
