import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiEnvironment } from './environment.ts'
import { problem } from './problem.ts'

/** ISO 8601 (RFC 3339) has no later year, and in UTC it may be the next one. */
const YEAR_MAX = 9_999

/** An instant as callers give it, with any offset. */
export const givenInstant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() <= YEAR_MAX, 'lies beyond the year 9999 in UTC')
  .openapi({ type: 'string', format: 'date-time' })

type Bounds = {
  readonly field: string
  readonly value: Date
  readonly now: Date
  /** What mends an instant that lies in the past. */
  readonly fix: string
  /** How far ahead it may lie, and in words; as far as one likes, when absent. */
  readonly ahead?: { readonly maxMs: number; readonly words: string }
}

/** The answer to an instant that does not lie ahead, or too far ahead; undefined for one that is right. */
export function notAhead(c: Context<ApiEnvironment>, { field, value, now, fix, ahead }: Bounds) {
  if (value <= now)
    return problem(c, 'invalid_request', `\`${field}\` lies in the past: ${fix}.`, {
      errors: [{ field, detail: 'not in the future' }],
    })
  if (ahead !== undefined && value.getTime() - now.getTime() > ahead.maxMs)
    return problem(c, 'invalid_request', `\`${field}\` is too far ahead.`, {
      errors: [{ field, detail: ahead.words }],
    })
  return undefined
}
