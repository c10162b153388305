import type { SubscriptionId } from '../ids.ts'
import type { Status } from './subscription.ts'

/** What an operator looks for; what is absent matters not. */
export type SubscriptionFilter = {
  readonly status?: Status | undefined
  /** The slug of its plan. */
  readonly plan?: string | undefined
  readonly userId?: string | undefined
  /** Whether something differs from Stripe and waits for a person. */
  readonly drift?: boolean | undefined
}

/** `after` is the last one of the page before. */
export type SubscriptionPage = {
  readonly limit: number
  readonly after: SubscriptionId | undefined
}
