import type { Context } from 'hono'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'

export const isPast = (instant: string, now: Date): boolean => new Date(instant) <= now

/** An instant that must lie ahead and does not. */
export const pastProblem = (c: Context<ApiEnvironment>, field: string, fix: string) =>
  problem(c, 'invalid_request', `\`${field}\` lies in the past: ${fix}.`, {
    errors: [{ field, detail: 'not in the future' }],
  })
