import { OpenAPIHono, z } from '@hono/zod-openapi'
import { TRIAL_MAX_MS } from '../../domain/subscription/trial.ts'
import { endTrial, extendTrial } from '../../workflows/contract.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { notAhead } from '../instant.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandRoute, takingBackRoute } from './command.ts'

const AHEAD = { maxMs: TRIAL_MAX_MS, words: 'within two years' }

const extendRoute = commandRoute({
  path: '/subscriptions/{id}/trial',
  summary: 'Move the end of a trial (operators)',
  description: 'The new end takes the place of the old one; asking twice does not add up.',
  body: z
    .strictObject({
      ends_at: z.iso.datetime().describe(`The new end, in the future and ${AHEAD.words}.`),
    })
    .openapi('TrialRequest'),
})

const endRoute = takingBackRoute({
  path: '/subscriptions/{id}/trial',
  summary: 'End a trial now',
  description:
    'The first period begins and is charged. Unpaid, the trial goes on and `pending_change` has the page to pay on.',
})

export const changeTrial = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(extendRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { ends_at: endsAt } = c.req.valid('json')
      const wrong = notAhead(c, {
        field: 'ends_at',
        value: new Date(endsAt),
        now: clock.now(),
        fix: 'DELETE ends the trial at once',
        ahead: AHEAD,
      })
      if (wrong) return wrong
      return answerCommand(c, dependencies, {
        request: { operation: 'extend-trial', endsAt },
        ask: ({ of, actor }) => workflows.command(extendTrial, of, { endsAt, actor }),
      })
    })
    .openapi(endRoute, (c) =>
      answerCommand(c, dependencies, {
        request: { operation: 'end-trial' },
        ask: ({ of, actor }) => workflows.command(endTrial, of, { actor }),
      }),
    )
}
