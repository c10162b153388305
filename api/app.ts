import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { requestId } from 'hono/request-id'
import { matchedRoutes } from 'hono/route'
import { METHOD_NAME_ALL } from 'hono/router'
import type { Access } from './auth/access.ts'
import { authenticate, recognize } from './auth/authenticate.ts'
import { bodyLimit } from './middleware/body-limit.ts'
import { crossOrigin } from './middleware/cross-origin.ts'
import { askApi } from './ask.ts'
import type { ApiDependencies, ApiEnvironment } from './environment.ts'
import { answerFailure } from './failure.ts'
import { methodGuard } from './middleware/method-guard.ts'
import { plainAddress } from './middleware/plain-address.ts'
import { pages } from './web/pages.ts'
import { openApiDocument } from './openapi.ts'
import { problem } from './problem.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { protectedRoutes, publicRoutes } from './routes.ts'

/** The path below which all calls of the API are. */
export const BASE_PATH = '/api/v1/billing'
const BELOW_BASE_PATH = `${BASE_PATH}/*`
/** Far more than any valid request. It limits the memory that a caller can use. */
const BODY_MAX_BYTES = 256 * 1_024

/** Creates the app: middleware, then public routes, then authentication, then the routes that need it. */
export function createApp(
  dependencies: ApiDependencies,
  access: Access,
): OpenAPIHono<ApiEnvironment> {
  const { logger } = dependencies
  const { corsOrigins } = dependencies.access
  const open = publicRoutes(dependencies, BASE_PATH)
  const closed = protectedRoutes(dependencies, BASE_PATH)
  const ask = askApi(closed, BASE_PATH, logger)
  if (dependencies.pages !== undefined)
    open.route('/', pages({ ...dependencies, pages: dependencies.pages, callers: access, ask }))
  const app = new OpenAPIHono<ApiEnvironment>()
  if (dependencies.telemetry !== undefined) app.use(recordRoute)
  app.use(requestId())
  app.use(securityHeaders())
  app.use((c, next) => {
    if (c.env.failure !== undefined) throw c.env.failure
    return next()
  })
  app.use(plainAddress)
  if (corsOrigins.length > 0) app.use(BELOW_BASE_PATH, crossOrigin(corsOrigins))
  app.use(methodGuard([...open.routes, ...closed.routes]))
  app.use(`${BASE_PATH}/plans`, recognize({ ...access, logger }))
  app.route('/', open)
  app.use(BELOW_BASE_PATH, authenticate({ ...access, logger }))
  app.use(BELOW_BASE_PATH, refuseRepeatedHeader)
  app.use(
    BELOW_BASE_PATH,
    bodyLimit({
      maxSize: BODY_MAX_BYTES,
      onError: (c) => problem(c, 'body_too_large', 'The body of a request is at most 256 KiB.'),
    }),
  )
  app.route('/', closed)
  openApiDocument(app, BASE_PATH)
  app.notFound((c) => problem(c, 'not_found', 'Not found. The API reference is at /docs.'))
  app.onError(answerFailure(logger))
  return app
}

/** Reports the route of a request to its trace: the last one that matched and is no middleware. */
const recordRoute: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
  await next()
  const route = matchedRoutes(c).findLast(({ method }) => method !== METHOD_NAME_ALL)
  if (route !== undefined) c.env.setRoute?.(route.path)
}

/** Refuses a request with two values of a header that has one: which of them is meant is unknown. */
const refuseRepeatedHeader: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
  const { repeatedHeader: field } = c.env
  return field === undefined
    ? next()
    : problem(c, 'invalid_request', `The header ${field} was sent more than once.`, {
        errors: [{ field, detail: 'sent more than once' }],
      })
}
