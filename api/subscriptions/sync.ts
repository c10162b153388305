import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader } from '../idempotency.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandParameters, commandResponses } from './command.ts'

const route = createRoute({
  method: 'post',
  path: '/subscriptions/{id}/sync',
  tags: ['Subscriptions'],
  summary: 'Read Stripe now (operators)',
  description:
    'What Stripe says is taken over, as after a webhook. Asking twice changes nothing twice.',
  request: { headers: idempotencyHeader, params: commandParameters },
  responses: commandResponses,
})

export const syncSubscription = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const operator = operatorOf(c)
    if (operator.kind === 'refused') return operator.answer
    return answerCommand(c, dependencies, {
      request: { operation: 'sync' },
      ask: ({ of }) => dependencies.workflows.sync(of),
    })
  })
