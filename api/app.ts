import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { requestId } from 'hono/request-id'
import { matchedRoutes } from 'hono/route'
import { METHOD_NAME_ALL } from 'hono/router'
import { operatorActions } from './admin/actions.ts'
import { apiKeys } from './admin/api-keys.ts'
import { payloadCodec } from './admin/codec.ts'
import { drift } from './admin/drift.ts'
import { catalogueRoutes } from './admin/catalogue-routes.ts'
import { grants } from './admin/grants.ts'
import { overrides } from './admin/overrides.ts'
import { reconciliations } from './admin/reconciliations.ts'
import { stripeEvents } from './admin/stripe-events.ts'
import { stripePrices } from './admin/stripe-prices.ts'
import { operateSubscription } from './admin/subscriptions/operate.ts'
import { searchSubscriptions } from './admin/subscriptions/search.ts'
import { syncFigures } from './admin/sync.ts'
import type { Access } from './auth/access.ts'
import { authenticate } from './auth/authenticate.ts'
import { bodyGuard } from './body-guard.ts'
import { bodyLimit } from './body-limit.ts'
import { crossOrigin } from './cross-origin.ts'
import { askApi } from './ask.ts'
import { docs } from './docs.ts'
import type { ApiDependencies, ApiEnvironment } from './environment.ts'
import { answerFailure } from './failure.ts'
import { health } from './health.ts'
import { methodGuard } from './method-guard.ts'
import { checkoutPages } from './pages.ts'
import { pages } from './web/pages.ts'
import { listInvoices } from './invoices/list.ts'
import { listPlans } from './plans/list.ts'
import { openPortal } from './portal/open.ts'
import { problem } from './problem.ts'
import { securityHeaders } from './security-headers.ts'
import { changeCancellation } from './subscriptions/cancellation.ts'
import { changePause } from './subscriptions/pause.ts'
import { changePlan } from './subscriptions/plan-change.ts'
import { previewPlanChange } from './subscriptions/plan-preview.ts'
import { syncSubscription } from './subscriptions/sync.ts'
import { changeTrial } from './subscriptions/trial.ts'
import { checkout } from './subscriptions/checkout.ts'
import { readSubscriptions } from './subscriptions/read.ts'
import { consumeUsageBatch } from './usage/batch.ts'
import { checkUsage } from './usage/check.ts'
import { consumeUsage } from './usage/consume.ts'
import { getUsage } from './usage/get.ts'
import { usageHistory } from './usage/history.ts'
import { releaseUsage } from './usage/release.ts'
import { reservations } from './usage/reservations.ts'
import { webhookRoutes } from './admin/webhooks/routes.ts'
import { receiveStripeEvent } from './webhooks/stripe.ts'

export const BASE_PATH = '/api/v1/billing'
/** No request of ours is near it; it only bounds what a caller can make us hold. */
const BODY_MAX_BYTES = 256 * 1_024

/** What anybody may ask for, or who signs in a way of their own. */
function openRoutes(dependencies: ApiDependencies) {
  const app = new OpenAPIHono<ApiEnvironment>()
  app.route('/', health(dependencies))
  app.route('/', docs())
  app.route('/', checkoutPages())
  app.route(BASE_PATH, receiveStripeEvent(dependencies))
  app.route(BASE_PATH, listPlans(dependencies))
  return app
}

/** What needs a key or a token. */
function closedRoutes(dependencies: ApiDependencies) {
  const app = new OpenAPIHono<ApiEnvironment>()
  const areas = [
    checkout,
    changeCancellation,
    changePlan,
    previewPlanChange,
    changePause,
    changeTrial,
    syncSubscription,
    readSubscriptions,
    listInvoices,
    openPortal,
    consumeUsage,
    consumeUsageBatch,
    releaseUsage,
    reservations,
    checkUsage,
    getUsage,
    usageHistory,
    grants,
    overrides,
    operatorActions,
    stripeEvents,
    stripePrices,
    drift,
    reconciliations,
    syncFigures,
    catalogueRoutes,
    apiKeys,
    webhookRoutes,
    searchSubscriptions,
    operateSubscription,
    payloadCodec,
  ]
  for (const area of areas) app.route(BASE_PATH, area(dependencies))
  return app
}

/** Which route has answered is known afterwards: the last one that is no middleware. */
const tellRoute: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
  await next()
  const route = matchedRoutes(c).findLast(({ method }) => method !== METHOD_NAME_ALL)
  if (route !== undefined) c.env.routed?.(route.path)
}

/** All that the HTTP service can do, over its dependencies. */
export function createApp(
  dependencies: ApiDependencies,
  access: Access,
): OpenAPIHono<ApiEnvironment> {
  const { logger } = dependencies
  const { findKey, verifyToken, spend } = access
  const { corsOrigins } = dependencies.access
  const open = openRoutes(dependencies)
  const closed = closedRoutes(dependencies)
  const ask = askApi(closed, BASE_PATH, logger)
  if (dependencies.pages !== undefined)
    open.route('/', pages({ ...dependencies, pages: dependencies.pages, callers: access, ask }))
  const app = new OpenAPIHono<ApiEnvironment>()
  if (dependencies.telemetry !== undefined) app.use(tellRoute)
  app.use(requestId())
  app.use(securityHeaders())
  app.use((c, next) => {
    if (c.env.failure !== undefined) throw c.env.failure
    return next()
  })
  if (corsOrigins.length > 0) app.use(`${BASE_PATH}/*`, crossOrigin(corsOrigins))
  app.use(methodGuard([...open.routes, ...closed.routes]))
  app.route('/', open)
  app.use(`${BASE_PATH}/*`, authenticate({ findKey, verifyToken, spend, logger }))
  app.use(
    `${BASE_PATH}/*`,
    bodyLimit({
      maxSize: BODY_MAX_BYTES,
      onError: (c) => problem(c, 'body_too_large', 'A request has at most 256 KiB.'),
    }),
  )
  app.use(`${BASE_PATH}/*`, bodyGuard(closed.openAPIRegistry.definitions))
  app.route('/', closed)

  app.openAPIRegistry.registerComponent('securitySchemes', 'api_key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key. An application names the user in `X-User-Id`.',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'user_token', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An end user’s token; its `sub` is the user.',
  })
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Perennial',
      version: '1',
      description:
        'Durable subscription billing. Money is in minor units, instants are ISO 8601 in UTC.',
    },
    security: [{ api_key: [] }, { user_token: [] }],
  })
  app.notFound((c) => problem(c, 'not_found', `There is no ${c.req.method} ${c.req.path}.`))
  app.onError(answerFailure(logger))
  return app
}
