import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiEnvironment } from './environment.ts'
import { problem } from './problem.ts'

/** The last year of ISO 8601 (RFC 3339). With an offset, an instant of that year may lie in the next one in UTC. */
const YEAR_MAX = 9_999

/** An instant in a request, with any offset. */
export const givenInstant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() <= YEAR_MAX, 'must not be after the year 9999 in UTC')
  .openapi({ format: 'date-time' })

type Bounds = {
  readonly field: string
  readonly value: Date
  readonly now: Date
  /** A sentence that says what to do instead. */
  readonly fix: string
  /** The limit, and the same in words; without it any instant in the future is valid. */
  readonly ahead?: { readonly maxMs: number; readonly words: string }
}

/** The problem if an instant is not in the future, or too far in the future; undefined if it is valid. */
export function futureProblem(
  c: Context<ApiEnvironment>,
  { field, value, now, fix, ahead }: Bounds,
) {
  if (value <= now)
    return problem(c, 'invalid_request', `\`${field}\` must be in the future. ${fix}`, {
      errors: [{ field, detail: 'must be in the future' }],
    })
  if (ahead !== undefined && value.getTime() - now.getTime() > ahead.maxMs)
    return problem(c, 'invalid_request', `\`${field}\` must be ${ahead.words}.`, {
      errors: [{ field, detail: `must be ${ahead.words}` }],
    })
  return undefined
}

/** The problem if an `expires_at` is not in the future; undefined if it is valid or null. */
export const expiryProblem = (c: Context<ApiEnvironment>, expiresAt: Date | null, now: Date) =>
  expiresAt === null
    ? undefined
    : futureProblem(c, {
        field: 'expires_at',
        value: expiresAt,
        now,
        fix: 'Leave it out for no expiry.',
      })
