import { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader } from '../idempotency.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandResponses, subscriptionParameters } from './command.ts'
import { createRoute } from '../route.ts'

const route = createRoute({
  operationId: 'syncSubscription',
  callers: 'operatorForUser',
  method: 'post',
  path: '/subscriptions/{id}/sync',
  tags: ['Subscriptions'],
  summary: 'Sync from Stripe now (operators)',
  description:
    'Reads the subscription at Stripe and applies its state, as after a webhook. Repeating it is safe.',
  request: { headers: idempotencyHeader, params: subscriptionParameters },
  responses: commandResponses,
})

/** Applies the state at Stripe now. */
export const syncSubscription = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, (c) =>
    answerCommand(c, dependencies, {
      request: { operation: 'sync' },
      send: ({ target }) => dependencies.workflows.sync(target),
    }),
  )
