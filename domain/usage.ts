/** One request to count usage. The key is the caller's idempotency key. */
export type ConsumeRequest = {
  readonly userId: string
  readonly feature: string
  readonly key: string
  readonly amount: number
}

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

/** What is left of a limit; null is unlimited. Overage leaves nothing, never less. */
export const remaining = (counter: Pick<Counter, 'usedAmount' | 'quotaLimit'>): number | null =>
  counter.quotaLimit === null ? null : Math.max(0, counter.quotaLimit - counter.usedAmount)
