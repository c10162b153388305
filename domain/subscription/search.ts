import type { SubscriptionId } from '../ids.ts'
import type { Status } from './subscription.ts'

/** An operator's search. Absent fields match everything. */
export type SubscriptionFilter = {
  readonly status?: Status | undefined
  /** The slug of its plan. */
  readonly plan?: string | undefined
  readonly userId?: string | undefined
  /** Whether a difference from Stripe waits for an operator. */
  readonly drift?: boolean | undefined
}

/** One page of results. `after` is the last subscription of the previous page. */
export type SubscriptionPage = {
  readonly limit: number
  readonly after: SubscriptionId | undefined
}
