import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { pause, resume } from '../../workflows/contract.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader } from '../idempotency.ts'
import { problem } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { isPast, pastProblem } from './instant.ts'
import { answerMove, moveParameters, moveResponses } from './move.ts'

/** Who is away for longer cancels, and comes back with a new subscription. */
const PAUSE_MAX_DAYS = 366
const DAY_MS = 86_400_000

const requestSchema = z
  .strictObject({
    resumes_at: z.iso
      .datetime()
      .optional()
      .describe(
        `When it goes on by itself, at most ${PAUSE_MAX_DAYS} days ahead. Without it, when it is resumed.`,
      ),
  })
  .openapi('PauseRequest')

const pauseRoute = createRoute({
  method: 'put',
  path: '/subscriptions/{id}/pause',
  tags: ['Subscriptions'],
  summary: 'Pause',
  description:
    'No access and no bills while it lasts. What is left of the paid period is credited to the bill of the resumption.',
  request: {
    headers: idempotencyHeader,
    params: moveParameters,
    body: { required: true, content: { 'application/json': { schema: requestSchema } } },
  },
  responses: moveResponses,
})

const resumeRoute = createRoute({
  method: 'delete',
  path: '/subscriptions/{id}/pause',
  tags: ['Subscriptions'],
  summary: 'Resume',
  description:
    'A new period begins once it is paid; until then the subscription stays paused and `pending_change` has the page to pay on. What was used stays used until its quota window ends.',
  request: { headers: idempotencyHeader, params: moveParameters },
  responses: moveResponses,
})

export const changePause = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(pauseRoute, async (c) => {
      const user = userOf(c)
      if (user.kind === 'refused') return user.answer
      const resumesAt = c.req.valid('json').resumes_at ?? null
      const now = clock.now()
      if (resumesAt !== null && isPast(resumesAt, now))
        return pastProblem(c, 'resumes_at', 'leave it out to resume by hand')
      if (
        resumesAt !== null &&
        new Date(resumesAt).getTime() - now.getTime() > PAUSE_MAX_DAYS * DAY_MS
      )
        return problem(c, 'invalid_request', '`resumes_at` is too far ahead.', {
          errors: [{ field: 'resumes_at', detail: `at most ${PAUSE_MAX_DAYS} days ahead` }],
        })
      return answerMove(c, dependencies, {
        id: c.req.valid('param').id,
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'],
        request: { operation: 'pause', resumesAt },
        ask: ({ id: subscriptionId }, commandId) =>
          workflows.move(pause, { subscriptionId, commandId }, { resumesAt, actor: user.actor }),
      })
    })
    .openapi(resumeRoute, async (c) => {
      const user = userOf(c)
      if (user.kind === 'refused') return user.answer
      return answerMove(c, dependencies, {
        id: c.req.valid('param').id,
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'],
        request: { operation: 'resume' },
        ask: ({ id: subscriptionId }, commandId) =>
          workflows.move(resume, { subscriptionId, commandId }, { actor: user.actor }),
      })
    })
}
