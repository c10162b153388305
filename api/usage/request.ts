import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/database/text.ts'
import { isCallersKey } from '../../domain/usage/usage.ts'
import { IDEMPOTENCY_KEY_MAX_CHARACTERS, idempotencyHeader } from '../idempotency.ts'
import { givenInstant } from '../instant.ts'

/** More than this at once is a mistake of units, not usage. */
export const AMOUNT_MAX = 1_000_000_000

const FEATURE_MAX_CHARACTERS = 64

/** What a request to count names. */
export const usageFields = {
  feature: text(FEATURE_MAX_CHARACTERS),
  amount: z.int().min(1).max(AMOUNT_MAX).default(1),
}

const OURS = 'a key that begins with reservation/ or carried/ is one of ours: begin it otherwise'

/** The key of one event among several. */
export const eventKey = text(IDEMPOTENCY_KEY_MAX_CHARACTERS).refine(isCallersKey, OURS)
/** The key of an event that has a call of its own. */
export const eventKeyHeader = idempotencyHeader.refine(
  ({ 'idempotency-key': key }) => key === undefined || isCallersKey(key),
  { path: ['idempotency-key'], message: OURS },
)

/** Counted in the window that held this instant; events may come late, within a configured bound. */
export const occurredAt = givenInstant
  .optional()
  .describe(
    'When it occurred; now, if absent. It counts in the window of that instant. Refused as `too_late` when it lies further back than USAGE_LATENESS_HOURS, and as `in_the_future`.',
  )
