import type { Status } from './subscription.ts'

/**
 * What may be asked of a subscription in which status. The one place for it: validators refuse by it, and tests hold
 * them and the documents against it in every status.
 */
export const ALLOWED = {
  changePlan: ['trialing', 'active'],
  withdrawPlanChange: ['trialing', 'active', 'past_due', 'paused'],
  cancel: ['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'],
  withdrawCancellation: ['trialing', 'active', 'past_due'],
  pause: ['active'],
  resume: ['paused'],
  extendTrial: ['trialing'],
  endTrial: ['trialing'],
  sync: ['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'],
  grant: ['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'],
  forceCancel: ['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused'],
} as const satisfies Record<string, readonly Status[]>

export type Command = keyof typeof ALLOWED

export const allows = (move: Command, status: Status): boolean =>
  ALLOWED[move].some((allowed) => allowed === status)

const WHATEVER_RUNS = ['trialing', 'active', 'past_due', 'unpaid', 'paused'] as const

/**
 * Which status may follow which; the database refuses all others. Stripe decides, and what we missed while it decided
 * may look like a leap, so whatever runs may become whatever else runs. Nothing follows an end, and nothing becomes
 * `incomplete` again.
 */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  incomplete: [...WHATEVER_RUNS, 'canceled', 'incomplete_expired'],
  trialing: [...WHATEVER_RUNS, 'canceled'],
  active: [...WHATEVER_RUNS, 'canceled'],
  past_due: [...WHATEVER_RUNS, 'canceled'],
  unpaid: [...WHATEVER_RUNS, 'canceled'],
  paused: [...WHATEVER_RUNS, 'canceled'],
  canceled: [],
  incomplete_expired: [],
}

/** When a cancellation takes effect. */
export type CancellationTime = 'now' | 'period_end' | Date
