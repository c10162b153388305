import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { cancel, withdrawCancellation } from '../../workflows/contract.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader } from '../idempotency.ts'
import { validationHook } from '../validation.ts'
import { isPast, pastProblem } from './instant.ts'
import { answerMove, moveParameters, moveResponses } from './move.ts'

const requestSchema = z
  .strictObject({
    when: z
      .union([z.enum(['now', 'period_end']), z.iso.datetime()])
      .describe('`now`, `period_end`, or an instant in the future.'),
  })
  .openapi('CancellationRequest')

const cancelRoute = createRoute({
  method: 'put',
  path: '/subscriptions/{id}/cancellation',
  tags: ['Subscriptions'],
  summary: 'Cancel now, at the end of the period, or on a day',
  description:
    'A later request takes the place of an earlier one, and of a change of plan that is pending. Access goes on until the end.',
  request: {
    headers: idempotencyHeader,
    params: moveParameters,
    body: { required: true, content: { 'application/json': { schema: requestSchema } } },
  },
  responses: moveResponses,
})

const withdrawRoute = createRoute({
  method: 'delete',
  path: '/subscriptions/{id}/cancellation',
  tags: ['Subscriptions'],
  summary: 'Withdraw a scheduled cancellation',
  request: { headers: idempotencyHeader, params: moveParameters },
  responses: moveResponses,
})

export const changeCancellation = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(cancelRoute, async (c) => {
      const user = userOf(c)
      if (user.kind === 'refused') return user.answer
      const { when } = c.req.valid('json')
      if (when !== 'now' && when !== 'period_end' && isPast(when, clock.now()))
        return pastProblem(c, 'when', 'use `now` to cancel at once')
      return answerMove(c, dependencies, {
        id: c.req.valid('param').id,
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'],
        request: { operation: 'cancel', when },
        ask: ({ id: subscriptionId }, commandId) =>
          workflows.move(cancel, { subscriptionId, commandId }, { when, actor: user.actor }),
      })
    })
    .openapi(withdrawRoute, async (c) => {
      const user = userOf(c)
      if (user.kind === 'refused') return user.answer
      return answerMove(c, dependencies, {
        id: c.req.valid('param').id,
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'],
        request: { operation: 'withdraw-cancellation' },
        ask: ({ id: subscriptionId }, commandId) =>
          workflows.move(
            withdrawCancellation,
            { subscriptionId, commandId },
            { actor: user.actor },
          ),
      })
    })
}
