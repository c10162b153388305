import { z } from '@hono/zod-openapi'
import { REFUSALS, type CheckOutcome } from '../../domain/usage/usage.ts'
import { counterFields, viewOfCounter } from './view.ts'

/** The response of `consume`, `release` and `check`. */
export const outcomeSchema = z
  .object({
    outcome: z.enum(['allowed', 'refused']),
    reason: z.enum(REFUSALS).optional(),
    ...counterFields,
  })
  .openapi('ConsumeOutcome')

/** @returns an outcome in JSON. */
export function viewOfOutcome(outcome: CheckOutcome): z.infer<typeof outcomeSchema> {
  const counter = viewOfCounter(outcome.counter)
  return outcome.kind === 'allowed'
    ? { outcome: 'allowed', ...counter }
    : { outcome: 'refused', reason: outcome.reason, ...counter }
}
