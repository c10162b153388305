import { z } from '@hono/zod-openapi'
import { isoOrNever } from '../../domain/usage/quota-window.ts'
import type { Counter } from '../../domain/usage/usage.ts'

const instant = z.iso.datetime()

/** The fields of a usage counter that every response about usage has. */
export const counterFields = {
  used_amount: z.int(),
  quota_limit: z.int().nullable().describe('Null is unlimited.'),
  remaining: z
    .int()
    .nullable()
    .describe(
      'The amount that can still be used: limit, rollover and grants minus usage and reservations. Null is unlimited.',
    ),
  resets_at: instant.nullable().describe('When usage resets to zero; null is never.'),
}

/** For a feature without a counter. */
const NO_COUNTER = { used_amount: 0, quota_limit: 0, remaining: 0, resets_at: null }

/** @returns the fields of a usage counter. A feature without a counter has the limit 0. */
export const viewOfCounter = (counter: Counter | null) =>
  counter === null
    ? NO_COUNTER
    : {
        used_amount: counter.usedAmount,
        quota_limit: counter.quotaLimit,
        remaining: counter.remaining,
        resets_at: isoOrNever(counter.windowEnd),
      }
