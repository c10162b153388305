import { OpenAPIHono, z } from '@hono/zod-openapi'
import { TRIAL_MAX_MS } from '../../domain/subscription/trial.ts'
import { endTrial, extendTrial } from '../../workflows/contract.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { futureProblem } from '../instant.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandRoute, withdrawalRoute } from './command.ts'
import { requestObject } from '../request-object.ts'

const AHEAD = { maxMs: TRIAL_MAX_MS, words: 'within two years' }

const extendRoute = commandRoute({
  operationId: 'changeTrialEnd',
  callers: 'operatorForUser',
  path: '/subscriptions/{id}/trial',
  summary: 'Change the end of a trial (operators)',
  description: 'Replaces the end of the trial. Repeating it changes nothing.',
  body: requestObject({
    ends_at: z.iso.datetime().describe(`The new end, in the future and ${AHEAD.words}.`),
  }).openapi('TrialRequest'),
})

const endRoute = withdrawalRoute({
  operationId: 'endTrial',
  path: '/subscriptions/{id}/trial',
  summary: 'End a trial now',
  description:
    'The first period begins and is charged. If the payment fails, the trial continues, and `pending_change.payment_url` is the page for the payment.',
})

/** Changes the end of a trial, or ends it now. */
export const changeTrial = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(extendRoute, async (c) => {
      const { ends_at: endsAt } = c.req.valid('json')
      const wrong = futureProblem(c, {
        field: 'ends_at',
        value: new Date(endsAt),
        now: clock.now(),
        fix: 'Use DELETE to end the trial now.',
        ahead: AHEAD,
      })
      if (wrong) return wrong
      return answerCommand(c, dependencies, {
        request: { operation: 'extend-trial', endsAt },
        send: ({ target, by }) => workflows.command(extendTrial, target, { endsAt, ...by }),
      })
    })
    .openapi(endRoute, (c) =>
      answerCommand(c, dependencies, {
        request: { operation: 'end-trial' },
        send: ({ target, by }) => workflows.command(endTrial, target, by),
      }),
    )
}
