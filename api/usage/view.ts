import { z } from '@hono/zod-openapi'
import { FOREVER } from '../../domain/usage/quota-window.ts'
import type { Counter } from '../../domain/usage/usage.ts'

const instant = z.iso.datetime()

/** The part of a counter that every answer about usage shows. */
export const counterFields = {
  used_amount: z.int(),
  quota_limit: z.int().nullable().describe('Null is unlimited.'),
  remaining: z
    .int()
    .nullable()
    .describe(
      'What may still be used: of the limit, of what rolled over and of grants, less what is reserved. Null is unlimited.',
    ),
  resets_at: instant.nullable().describe('When counting starts again from zero; null is never.'),
}

/** What a feature that nobody counts shows. */
const NOTHING = { used_amount: 0, quota_limit: 0, remaining: 0, resets_at: null }

export const viewOfCounter = (counter: Counter | null) =>
  counter === null
    ? NOTHING
    : {
        used_amount: counter.usedAmount,
        quota_limit: counter.quotaLimit,
        remaining: counter.remaining,
        resets_at: counter.windowEnd >= FOREVER ? null : counter.windowEnd.toISOString(),
      }
