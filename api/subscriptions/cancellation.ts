import { OpenAPIHono, z } from '@hono/zod-openapi'
import { cancel, withdrawCancellation } from '../../workflows/contract.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { notAhead } from '../instant.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandRoute, takingBackRoute } from './command.ts'

const cancelRoute = commandRoute({
  path: '/subscriptions/{id}/cancellation',
  summary: 'Cancel now, at the end of the period, or on a day',
  description:
    'A later request takes the place of an earlier one, and of a change of plan that is pending. Access goes on until the end.',
  body: z
    .strictObject({
      when: z
        .union([z.enum(['now', 'period_end']), z.iso.datetime()])
        .describe('`now`, `period_end`, or an instant in the future.'),
    })
    .openapi('CancellationRequest'),
})

const withdrawRoute = takingBackRoute({
  path: '/subscriptions/{id}/cancellation',
  summary: 'Withdraw a scheduled cancellation',
})

export const changeCancellation = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(cancelRoute, async (c) => {
      const { when } = c.req.valid('json')
      const isDay = when !== 'now' && when !== 'period_end'
      const wrong =
        isDay &&
        notAhead(c, {
          field: 'when',
          value: new Date(when),
          now: clock.now(),
          fix: 'use `now` to cancel at once',
        })
      if (wrong) return wrong
      return answerCommand(c, dependencies, {
        request: { operation: 'cancel', when },
        ask: ({ of, actor }) => workflows.command(cancel, of, { when, actor }),
      })
    })
    .openapi(withdrawRoute, (c) =>
      answerCommand(c, dependencies, {
        request: { operation: 'withdraw-cancellation' },
        ask: ({ of, actor }) => workflows.command(withdrawCancellation, of, { actor }),
      }),
    )
}
