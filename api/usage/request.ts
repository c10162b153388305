import { z } from '@hono/zod-openapi'
import { IDEMPOTENCY_KEY_MAX_CHARACTERS } from '../idempotency.ts'

/** More than this at once is a mistake of units, not usage. */
export const AMOUNT_MAX = 1_000_000_000
/** Postgres keeps every character but this one. */
const NO_NUL = /^[^\0]*$/

/** What a request to count names. */
export const usageFields = {
  feature: z.string().min(1).max(64).regex(NO_NUL, 'has a NUL character'),
  amount: z.int().min(1).max(AMOUNT_MAX).default(1),
}

/** The key of one event among several; the one of a call of its own is the header `Idempotency-Key`. */
export const eventKey = z
  .string()
  .min(1)
  .max(IDEMPOTENCY_KEY_MAX_CHARACTERS)
  .regex(NO_NUL, 'has a NUL character')

/** Counted in the window that held this instant; events may come late, within a configured bound. */
export const occurredAt = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional()
  .openapi({ type: 'string', format: 'date-time' })
  .describe(
    'When it occurred; now, if absent. It counts in the window of that instant. Refused as `too_late` when it lies further back than USAGE_LATENESS_HOURS, and as `in_the_future`.',
  )
