import type { SubscriptionId } from '../ids.ts'
import type { InboxQueue, StripeObjectIds } from './event.ts'
import type { IncomingStripeEvent } from './inbox.ts'

export type StoredStripeEvent = {
  readonly account: string
  readonly livemode: boolean
  readonly eventId: string
  readonly type: string
  readonly objectIds: StripeObjectIds
  readonly attempts: number
  /** The trace of the webhook that brought it, as W3C writes it. */
  readonly traceparent: string | null
}

export type StripeEventRepository = {
  /** Commits the event; `repeated` when it was here before. */
  readonly record: (event: IncomingStripeEvent) => Promise<'recorded' | 'repeated'>
  /** Commits those that are not here yet, and answers how many they were. */
  readonly recordMissing: (events: readonly IncomingStripeEvent[]) => Promise<number>
  /** Takes up to `limit` events that are due and leaves each for `leaseMs` to the caller alone. */
  readonly claimDue: (
    lane: InboxQueue,
    at: Date,
    limit: number,
    leaseMs: number,
  ) => Promise<StoredStripeEvent[]>
  /** Whether an event that changes this subscription of Stripe's was not taken in yet. */
  readonly isFactUnderWay: (stripeSubscriptionId: string) => Promise<boolean>
  /** Whether what an event said of this subscription of Stripe's was not acted upon. */
  readonly isLeftOut: (stripeSubscriptionId: string) => Promise<boolean>
  readonly markForwarded: (
    event: StoredStripeEvent,
    subscriptionId: SubscriptionId,
    checkAgainAt: Date,
  ) => Promise<void>
  readonly park: (event: StoredStripeEvent, reason: string) => Promise<void>
  readonly postpone: (event: StoredStripeEvent, error: string, until: Date) => Promise<void>
}
