import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/text.ts'
import { isCallersKey } from '../../domain/usage/usage.ts'
import { IDEMPOTENCY_KEY_MAX_CHARACTERS, idempotencyHeader } from '../idempotency.ts'
import { givenInstant } from '../instant.ts'

/** A larger amount is an error, such as a wrong unit. */
export const AMOUNT_MAX = 1_000_000_000

const FEATURE_MAX_CHARACTERS = 64

/** The fields of every request about usage. */
export const usageFields = {
  feature: text(FEATURE_MAX_CHARACTERS),
  amount: z.int().min(1).max(AMOUNT_MAX).default(1),
}

const RESERVED = 'must not begin with `reservation/` or `carried/`, which are reserved'

/** The key of one event of a batch. */
export const eventKey = text(IDEMPOTENCY_KEY_MAX_CHARACTERS).refine(isCallersKey, RESERVED)
/** The key of a single event. */
export const eventKeyHeader = idempotencyHeader.refine(
  ({ 'idempotency-key': key }) => key === undefined || isCallersKey(key),
  { path: ['idempotency-key'], message: RESERVED },
)

/** Late events count in the window of the instant at which they occurred. */
export const occurredAt = givenInstant
  .optional()
  .describe(
    'When the usage occurred; by default now. It counts in the window of that time. An event older than `USAGE_LATENESS_HOURS` is refused as `too_late`, one in the future as `in_the_future`.',
  )
