import type { SubscriptionId } from '../ids.ts'
import type { InboxQueue, StripeObjectIds } from './event.ts'
import type { IncomingStripeEvent } from './inbox.ts'

/** An event of Stripe, as the inbox keeps it. */
export type StoredStripeEvent = {
  readonly account: string
  readonly livemode: boolean
  readonly eventId: string
  readonly type: string
  readonly objectIds: StripeObjectIds
  readonly attempts: number
  /** W3C trace context of the webhook. */
  readonly traceparent: string | null
}

/** The name of an event. */
type EventName = Pick<StoredStripeEvent, 'account' | 'livemode' | 'eventId'>

/** The inbox, as the rounds that empty it see it. */
export type StripeEventRepository = {
  /** Commits the event; `repeated` if it was stored before. */
  readonly record: (event: IncomingStripeEvent) => Promise<'recorded' | 'repeated'>
  /** Commits the events that are not stored yet. @returns how many. */
  readonly recordMissing: (events: readonly IncomingStripeEvent[]) => Promise<number>
  /** Claims up to `limit` due events for `leaseMs` milliseconds. */
  readonly claimDue: (
    queue: InboxQueue,
    at: Date,
    limit: number,
    leaseMs: number,
  ) => Promise<StoredStripeEvent[]>
  /** True while an event about this Stripe subscription is not done. */
  readonly hasUnappliedEvent: (stripeSubscriptionId: string) => Promise<boolean>
  /** True if an event about this Stripe subscription was parked. */
  readonly hasParkedEvent: (stripeSubscriptionId: string) => Promise<boolean>
  /** Notes that events were forwarded to a subscription's workflow, each with when to check that it is done. */
  readonly markForwarded: (
    events: readonly { readonly event: EventName; readonly checkAgainAt: Date }[],
    subscriptionId: SubscriptionId,
  ) => Promise<void>
  readonly park: (event: StoredStripeEvent, reason: string) => Promise<void>
  readonly postpone: (event: StoredStripeEvent, error: string, until: Date) => Promise<void>
}
