import { Hono } from 'hono'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from '../adapters/telemetry/logger.ts'
import type { Caller } from './auth/caller.ts'
import type { ApiEnvironment } from './environment.ts'
import { answerFailure } from './failure.ts'
import { problemSchema, type Problem } from './problem.ts'

export type Question = {
  readonly caller: Caller
  readonly requestId: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** As below the API's base path. */
  readonly path: string
  readonly body?: unknown
  /** The idempotency key. */
  readonly key?: string | undefined
}

export type ApiAnswer =
  { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly problem: Problem }

/** Asks the API within this process, for somebody who has signed in. */
export type AskApi = (question: Question) => Promise<ApiAnswer>

/**
 * What pages do goes through the API's own routes: it is validated, done once per key and noted there as if it had come over
 * HTTP. Only who asks was found out before.
 */
export function askApi(
  closed: OpenAPIHono<ApiEnvironment>,
  basePath: string,
  logger: Logger,
): AskApi {
  const app = new Hono<ApiEnvironment>()
  app.use((c, next) => {
    const { asked } = c.env
    if (asked === undefined) throw new Error('nobody asks')
    c.set('caller', asked.caller)
    c.set('requestId', asked.requestId)
    return next()
  })
  app.route('/', closed)
  app.onError(answerFailure(logger))
  return async ({ caller, requestId, method, path, body, key }) => {
    const response = await app.request(
      `${basePath}${path}`,
      {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      { asked: { caller, requestId } },
    )
    const answer: unknown = await response.json()
    return response.ok
      ? { ok: true, body: answer }
      : { ok: false, problem: problemSchema.parse(answer) }
  }
}
