import { OpenAPIHono, z } from '@hono/zod-openapi'
import { pause, resume } from '../../workflows/contract.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { futureProblem } from '../instant.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandRoute, withdrawalRoute } from './command.ts'
import { requestObject } from '../request-object.ts'

/** For a longer break, cancel and subscribe again. */
const PAUSE_MAX_DAYS = 366
const DAY_MS = 86_400_000
const AHEAD = { maxMs: PAUSE_MAX_DAYS * DAY_MS, words: `at most ${PAUSE_MAX_DAYS} days ahead` }

const pauseRoute = commandRoute({
  operationId: 'pauseSubscription',
  path: '/subscriptions/{id}/pause',
  summary: 'Pause',
  description:
    'A paused subscription has no access and no invoices, and its clock stops: the rest of the period and of the quotas continues at the resumption. Nothing is credited. It is refused as `payment_pending` while the invoice of the current period is a draft or open.',
  body: requestObject({
    resumes_at: z.iso
      .datetime()
      .optional()
      .describe(
        `When the subscription resumes automatically, ${AHEAD.words}. Without it the pause lasts until DELETE resumes it.`,
      ),
  }).openapi('PauseRequest'),
})

const resumeRoute = withdrawalRoute({
  operationId: 'resumeSubscription',
  path: '/subscriptions/{id}/pause',
  summary: 'Resume',
  description:
    'The rest of the period and of the quotas continues; both end later by the length of the pause, and nothing is charged before. If nothing was left, a new period begins as soon as it is paid. Until then the subscription stays paused, and `pending_change.payment_url` is the page for the payment.',
})

/** Pauses or resumes a subscription. */
export const changePause = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(pauseRoute, async (c) => {
      const resumesAt = c.req.valid('json').resumes_at ?? null
      const wrong =
        resumesAt !== null &&
        futureProblem(c, {
          field: 'resumes_at',
          value: new Date(resumesAt),
          now: clock.now(),
          fix: 'Leave it out to resume with DELETE.',
          ahead: AHEAD,
        })
      if (wrong) return wrong
      return answerCommand(c, dependencies, {
        request: { operation: 'pause', resumesAt },
        send: ({ target, by }) => workflows.command(pause, target, { resumesAt, ...by }),
      })
    })
    .openapi(resumeRoute, (c) =>
      answerCommand(c, dependencies, {
        request: { operation: 'resume' },
        send: ({ target, by }) => workflows.command(resume, target, by),
      }),
    )
}
