import type { Overage } from './plan.ts'

/** A question whether so much would fit. */
export type UsageQuestion = {
  readonly userId: string
  readonly feature: string
  readonly amount: number
}

/** One request to count usage. The key is the caller's idempotency key. */
export type ConsumeRequest = UsageQuestion & { readonly key: string }

export const REFUSALS = [
  'no_subscription',
  'no_access',
  'feature_not_in_plan',
  'feature_not_countable',
  'quota_exceeded',
] as const
export type Refusal = (typeof REFUSALS)[number]

/** A counter after a decision. `quotaLimit` null is unlimited; the window is half-open. */
export type Counter = {
  readonly usedAmount: number
  readonly quotaLimit: number | null
  readonly windowStart: Date
  readonly windowEnd: Date
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
  counter.quotaLimit === null ||
  overage !== 'refuse' ||
  counter.usedAmount + amount <= counter.quotaLimit

/** What is left of a limit; null is unlimited. Overage leaves nothing, never less. */
export const remaining = (counter: Pick<Counter, 'usedAmount' | 'quotaLimit'>): number | null =>
  counter.quotaLimit === null ? null : Math.max(0, counter.quotaLimit - counter.usedAmount)
