import type { Overage } from '../catalogue/plan.ts'

/** Asks whether an amount would be allowed. */
export type UsageQuestion = {
  readonly userId: string
  readonly feature: string
  readonly amount: number
}

/** One request to count usage. A negative amount gives usage back. The key is the caller's idempotency key. */
export type ConsumeRequest = UsageQuestion & {
  readonly key: string
  /** When it occurred, by default now. It counts in the window of that instant. */
  readonly occurredAt?: Date | undefined
}

/** Keys of our own ledger lines: settled reservations, and sums of dropped months. */
const OWN_KEY = /^(?:reservation|carried)\//

/** @returns false for keys that our own ledger lines use: they would collide. */
export const isCallersKey = (key: string): boolean => !OWN_KEY.test(key)

/** Why usage is refused. */
export const REFUSALS = [
  'no_subscription',
  'no_access',
  'feature_not_in_plan',
  'feature_not_countable',
  'quota_exceeded',
  'more_than_used',
  'too_late',
  'in_the_future',
] as const
export type Refusal = (typeof REFUSALS)[number]

/** A counter after a decision. A null limit is unlimited. The window is half-open: `[windowStart, windowEnd)`. */
export type Counter = {
  readonly usedAmount: number
  readonly quotaLimit: number | null
  /** Limit, rollover and grants, minus use and reservations. Never negative. */
  readonly remaining: number | null
  readonly windowStart: Date
  readonly windowEnd: Date
}

/** A counter with its parts. */
export type UsageCounter = Counter & {
  /** The rollover from the previous window. */
  readonly rolledOver: number
  /** The unused amount of grants. */
  readonly grantedRemaining: number
  /** The amount of open reservations. */
  readonly held: number
  /** Use beyond limit, rollover and grants. */
  readonly overage: number
}

/** The answer to usage. `repeated` means that the key was used before. */
export type ConsumeOutcome =
  | { readonly kind: 'allowed'; readonly repeated: boolean; readonly counter: Counter }
  | {
      readonly kind: 'refused'
      readonly reason: Refusal
      readonly repeated: boolean
      readonly counter: Counter | null
    }
  /** The key was used before with another feature or amount. */
  | { readonly kind: 'key_reused' }

/** The answer that `consume` would give. */
export type CheckOutcome =
  | { readonly kind: 'allowed'; readonly counter: Counter }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly counter: Counter | null }

/** The rule of `consume_usage` for a counter, for the check that counts nothing. */
export const fits = (counter: Counter, amount: number, overage: Overage): boolean =>
  counter.remaining === null || overage !== 'refuse' || amount <= counter.remaining
