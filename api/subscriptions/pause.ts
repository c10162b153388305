import { OpenAPIHono, z } from '@hono/zod-openapi'
import { pause, resume } from '../../workflows/contract.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { notAhead } from '../instant.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandRoute, takingBackRoute } from './command.ts'

/** Who is away for longer cancels, and comes back with a new subscription. */
const PAUSE_MAX_DAYS = 366
const DAY_MS = 86_400_000
const AHEAD = { maxMs: PAUSE_MAX_DAYS * DAY_MS, words: `at most ${PAUSE_MAX_DAYS} days ahead` }

const pauseRoute = commandRoute({
  path: '/subscriptions/{id}/pause',
  summary: 'Pause',
  description:
    'No access and no bills while it lasts. What is left of the paid period is credited to the bill of the resumption.',
  body: z
    .strictObject({
      resumes_at: z.iso
        .datetime()
        .optional()
        .describe(`When it goes on by itself, ${AHEAD.words}. Without it, when it is resumed.`),
    })
    .openapi('PauseRequest'),
})

const resumeRoute = takingBackRoute({
  path: '/subscriptions/{id}/pause',
  summary: 'Resume',
  description:
    'A new period begins once it is paid; until then the subscription stays paused and `pending_change` has the page to pay on. What was used stays used until its quota window ends.',
})

export const changePause = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(pauseRoute, async (c) => {
      const resumesAt = c.req.valid('json').resumes_at ?? null
      const wrong =
        resumesAt !== null &&
        notAhead(c, {
          field: 'resumes_at',
          value: new Date(resumesAt),
          now: clock.now(),
          fix: 'leave it out to resume by hand',
          ahead: AHEAD,
        })
      if (wrong) return wrong
      return answerCommand(c, dependencies, {
        request: { operation: 'pause', resumesAt },
        ask: ({ of, actor }) => workflows.command(pause, of, { resumesAt, actor }),
      })
    })
    .openapi(resumeRoute, (c) =>
      answerCommand(c, dependencies, {
        request: { operation: 'resume' },
        ask: ({ of, actor }) => workflows.command(resume, of, { actor }),
      }),
    )
}
