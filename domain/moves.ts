import type { Status } from './subscription.ts'

/**
 * What may be asked of a subscription in which status. The one place for it: validators refuse by it, and a test
 * holds them against it in every status.
 */
export const ALLOWED = {
  cancel: ['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'],
  withdrawCancellation: ['trialing', 'active', 'past_due'],
  sync: ['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'],
} as const satisfies Record<string, readonly Status[]>

export type Move = keyof typeof ALLOWED

export const allows = (move: Move, status: Status): boolean =>
  ALLOWED[move].some((allowed) => allowed === status)

/** When a cancellation takes effect. */
export type CancellationTime = 'now' | 'period_end' | Date
