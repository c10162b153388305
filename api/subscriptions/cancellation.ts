import { OpenAPIHono, z } from '@hono/zod-openapi'
import { cancel, withdrawCancellation } from '../../workflows/contract.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { futureProblem } from '../instant.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandRoute, withdrawalRoute } from './command.ts'
import { DROP_REASONS } from '../../domain/subscription/set-aside.ts'
import { jsonContent } from '../json.ts'
import { subscriptionSchema } from './view.ts'
import { requestObject } from '../request-object.ts'

/** When to cancel. */
export const cancellationSchema = requestObject({
  when: z
    .union([z.enum(['now', 'period_end']), z.iso.datetime()])
    .describe('`now`, `period_end`, or a time in the future.'),
}).openapi('CancellationRequest')

/** The problem of a time that has passed. */
export const PAST_CANCELLATION = { field: 'when', fix: 'Use `now` to cancel immediately.' }

const cancelRoute = commandRoute({
  operationId: 'cancelSubscription',
  path: '/subscriptions/{id}/cancellation',
  summary: 'Cancel now, at the end of the period, or at a given time',
  description:
    'Replaces an earlier cancellation and withdraws a pending plan change; a scheduled one returns if the cancellation is withdrawn. The user keeps access until the end.',
  body: cancellationSchema,
})

const withdrawal = withdrawalRoute({
  operationId: 'withdrawCancellation',
  path: '/subscriptions/{id}/cancellation',
  summary: 'Withdraw a scheduled cancellation',
  description:
    'A plan change that was scheduled before the cancellation returns, at its time and for its price. If it cannot, `dropped_change` says why, and the customer gets an e-mail.',
})
const withdrawRoute = {
  ...withdrawal,
  responses: {
    ...withdrawal.responses,
    200: {
      description: 'The subscription as it is now.',
      content: jsonContent(
        subscriptionSchema
          .extend({
            dropped_change: z
              .object({
                plan: z.string().describe('The slug of its plan.'),
                at: z.iso.datetime(),
                because: z
                  .enum(DROP_REASONS)
                  .describe(
                    'Its time has passed, or its version is no longer offered to the user.',
                  ),
              })
              .optional()
              .describe('The plan change that does not return; absent if there is none.'),
          })
          .openapi('SubscriptionKept'),
      ),
    },
  },
}

/** Cancels a subscription, or withdraws a scheduled cancellation. */
export const changeCancellation = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(cancelRoute, async (c) => {
      const { when } = c.req.valid('json')
      const isInstant = when !== 'now' && when !== 'period_end'
      const wrong =
        isInstant &&
        futureProblem(c, { ...PAST_CANCELLATION, value: new Date(when), now: clock.now() })
      if (wrong) return wrong
      return answerCommand(c, dependencies, {
        request: { operation: 'cancel', when },
        send: ({ target, by }) => workflows.command(cancel, target, { when, ...by }),
      })
    })
    .openapi(withdrawRoute, (c) =>
      answerCommand(c, dependencies, {
        request: { operation: 'withdraw-cancellation' },
        send: ({ target, by }) => workflows.command(withdrawCancellation, target, by),
      }),
    )
}
