import type { Overage } from '../catalogue/plan.ts'

/** A question whether so much would fit. */
export type UsageQuestion = {
  readonly userId: string
  readonly feature: string
  readonly amount: number
}

/** One request to count usage; a negative amount gives back. The key is the caller's idempotency key. */
export type ConsumeRequest = UsageQuestion & {
  readonly key: string
  /** When it occurred, if not now: it counts in the window that held that instant. */
  readonly occurredAt?: Date | undefined
}

/** Lines of the ledger that are ours: a settled reservation, and the sum of a month that was dropped. */
const OWN_KEY = /^(?:reservation|carried)\//

/** Whether a caller may choose this key for an event. One of ours would take the place of a line that is yet to come. */
export const isCallersKey = (key: string): boolean => !OWN_KEY.test(key)

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

/** A counter after a decision. Null is unlimited; the window is half-open. */
export type Counter = {
  readonly usedAmount: number
  readonly quotaLimit: number | null
  /** What may still be used: of the limit, of what rolled over and of grants, less what is reserved. Never negative. */
  readonly remaining: number | null
  readonly windowStart: Date
  readonly windowEnd: Date
}

/** A counter with all that makes it up. */
export type UsageCounter = Counter & {
  /** What came over from the window before, and still belongs to this one. */
  readonly rolledOver: number
  /** What grants still hold for later use. */
  readonly grantedRemaining: number
  readonly held: number
  /** The part of what was used that lies beyond all limits. */
  readonly overage: number
}

export type ConsumeOutcome =
  | { readonly kind: 'allowed'; readonly repeated: boolean; readonly counter: Counter }
  | {
      readonly kind: 'refused'
      readonly reason: Refusal
      readonly repeated: boolean
      readonly counter: Counter | null
    }
  /** The same key came before with another feature or amount. */
  | { readonly kind: 'key_reused' }

/** The answer to a question: what consuming would have said. */
export type CheckOutcome =
  | { readonly kind: 'allowed'; readonly counter: Counter }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly counter: Counter | null }

/** What `consume_usage` decides for a request that reached its counter. */
export const fits = (counter: Counter, amount: number, overage: Overage): boolean =>
  counter.remaining === null || overage !== 'refuse' || amount <= counter.remaining
