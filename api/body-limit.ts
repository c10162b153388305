import type { Context } from 'hono'
import { bodyLimit as limitStream } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { ApiEnvironment } from './environment.ts'

export type BodyLimit = {
  readonly maxSize: number
  readonly onError: (c: Context<ApiEnvironment>) => Response
}

/**
 * Refuses bodies beyond a size. One that announces its length is judged by that alone: Node reads no more of it.
 * Hono's own looks at the body first, and making a stream of it takes half of what a small request takes in all.
 */
export function bodyLimit({ maxSize, onError }: BodyLimit) {
  const ofUnknownLength = limitStream({ maxSize, onError })
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return ofUnknownLength(c, next)
    return Number(c.req.header('content-length') ?? 0) > maxSize ? onError(c) : next()
  })
}
