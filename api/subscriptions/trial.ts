import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { TRIAL_MAX_MS } from '../../domain/trial.ts'
import { endTrial, extendTrial } from '../../workflows/contract.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader } from '../idempotency.ts'
import { problem } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { isPast, pastProblem } from './instant.ts'
import { answerMove, moveParameters, moveResponses } from './move.ts'

const requestSchema = z
  .strictObject({
    ends_at: z.iso.datetime().describe('The new end, in the future and within two years.'),
  })
  .openapi('TrialRequest')

const extendRoute = createRoute({
  method: 'put',
  path: '/subscriptions/{id}/trial',
  tags: ['Subscriptions'],
  summary: 'Move the end of a trial (operators)',
  description: 'The new end takes the place of the old one; asking twice does not add up.',
  request: {
    headers: idempotencyHeader,
    params: moveParameters,
    body: { required: true, content: { 'application/json': { schema: requestSchema } } },
  },
  responses: moveResponses,
})

const endRoute = createRoute({
  method: 'delete',
  path: '/subscriptions/{id}/trial',
  tags: ['Subscriptions'],
  summary: 'End a trial now',
  description:
    'The first period begins and is charged. Unpaid, the trial goes on and `pending_change` has the page to pay on.',
  request: { headers: idempotencyHeader, params: moveParameters },
  responses: moveResponses,
})

export const changeTrial = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(extendRoute, async (c) => {
      const user = userOf(c)
      if (user.kind === 'refused') return user.answer
      if (user.actor !== 'operator')
        return problem(c, 'forbidden', 'This needs a key with the scope `operator`.')
      const { ends_at: endsAt } = c.req.valid('json')
      if (isPast(endsAt, clock.now()))
        return pastProblem(c, 'ends_at', 'DELETE ends the trial at once')
      if (new Date(endsAt).getTime() - clock.now().getTime() > TRIAL_MAX_MS)
        return problem(c, 'invalid_request', '`ends_at` is too far ahead.', {
          errors: [{ field: 'ends_at', detail: 'within two years' }],
        })
      return answerMove(c, dependencies, {
        id: c.req.valid('param').id,
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'],
        request: { operation: 'extend-trial', endsAt },
        ask: ({ id: subscriptionId }, commandId) =>
          workflows.move(extendTrial, { subscriptionId, commandId }, { endsAt, actor: user.actor }),
      })
    })
    .openapi(endRoute, async (c) => {
      const user = userOf(c)
      if (user.kind === 'refused') return user.answer
      return answerMove(c, dependencies, {
        id: c.req.valid('param').id,
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'],
        request: { operation: 'end-trial' },
        ask: ({ id: subscriptionId }, commandId) =>
          workflows.move(endTrial, { subscriptionId, commandId }, { actor: user.actor }),
      })
    })
}
