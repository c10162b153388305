import { Hono } from 'hono'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from '../adapters/telemetry/logger.ts'
import type { Caller } from './auth/caller.ts'
import type { ApiEnvironment } from './environment.ts'
import { answerFailure } from './failure.ts'
import { isIdempotencyKey } from './idempotency.ts'
import { problemBody, problemSchema, type Problem } from './problem.ts'

/** A call of the API by a page. */
export type Question = {
  readonly caller: Caller
  readonly requestId: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the API's base path. */
  readonly path: string
  readonly body?: unknown
  /** The idempotency key. */
  readonly key?: string | undefined
}

/** The response to a page: the body (null if there is none), or the problem. */
export type ApiAnswer =
  { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly problem: Problem }

const KEY_WRONG = 'The form is not one of this page. Reload the page and try again.'

/** Calls the API within this process, for the user or operator who is signed in. */
export type AskApi = (question: Question) => Promise<ApiAnswer>

/**
 * Pages act through the API's own routes, so a page's request is validated, carried out once per key and recorded like a
 * request over HTTP. Only authentication is skipped, because the page has done it.
 */
export function askApi(
  protectedRoutes: OpenAPIHono<ApiEnvironment>,
  basePath: string,
  logger: Logger,
): AskApi {
  const app = new Hono<ApiEnvironment>()
  app.use((c, next) => {
    const { internal } = c.env
    if (internal === undefined) throw new Error('an internal call without its caller')
    c.set('caller', internal.caller)
    c.set('requestId', internal.requestId)
    return next()
  })
  app.route('/', protectedRoutes)
  app.onError(answerFailure(logger))
  return async ({ caller, requestId, method, path, body, key }) => {
    // A form can hold any text; a header cannot.
    if (key !== undefined && !isIdempotencyKey(key))
      return { ok: false, problem: problemBody('invalid_request', KEY_WRONG, requestId) }
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
      { internal: { caller, requestId } },
    )
    const answer: unknown = response.status === 204 ? null : await response.json()
    return response.ok
      ? { ok: true, body: answer }
      : { ok: false, problem: problemSchema.parse(answer) }
  }
}
