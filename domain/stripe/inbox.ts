import type { StripeObjectIds } from './event.ts'

/** `received`: waiting. `forwarded`: sent to its workflow. `done`: applied. `parked`: stored without effect. */
export const EVENT_STATES = ['received', 'forwarded', 'done', 'parked'] as const
export type EventState = (typeof EVENT_STATES)[number]

/** The first state of an event. Most have to be forwarded; some are done or parked at once. */
export type Verdict =
  { readonly state: 'received' } | { readonly state: 'done' | 'parked'; readonly reason: string }

/** An event as it is committed to the inbox. */
export type IncomingStripeEvent = {
  readonly account: string
  readonly livemode: boolean
  readonly eventId: string
  readonly type: string
  readonly objectIds: StripeObjectIds
  readonly apiVersion: string | null
  readonly createdAt: Date
  readonly receivedAt: Date
  readonly payload: unknown
  readonly verdict: Verdict
  /** W3C trace context of the webhook. */
  readonly traceparent?: string | null
}

/** An event as an operator sees it. */
export type InboxEvent = {
  readonly account: string
  readonly livemode: boolean
  readonly eventId: string
  readonly type: string
  readonly objectIds: StripeObjectIds
  readonly createdAt: Date
  readonly receivedAt: Date
  readonly state: EventState
  readonly reason: string | null
  readonly attempts: number
  readonly dueAt: Date
  readonly lastError: string | null
  readonly subscriptionId: string | null
}

/** The events to list; all given parts must match. */
export type InboxFilter = {
  readonly state?: EventState | undefined
  readonly type?: string | undefined
  readonly reason?: string | undefined
  readonly subscriptionId?: string | undefined
  /** Any Stripe id in the event's object. */
  readonly stripeId?: string | undefined
}

/** The numbers of events in each state. */
export type InboxFigures = {
  readonly received: number
  readonly forwarded: number
  readonly parked: number
  readonly oldestReceivedAt: Date | null
}

/** Parked events with the same reason. */
export type ParkedEvents = {
  readonly reason: string
  readonly count: number
  readonly newestReceivedAt: Date
}

/** The inbox, as operators see it. */
export type StripeInboxRepository = {
  /** Newest first; `after` is the last event id of the page before. */
  readonly list: (
    filter: InboxFilter,
    page: { readonly limit: number; readonly after?: string | undefined },
  ) => Promise<InboxEvent[]>
  /** Counts events by state, and finds the oldest one that waits. */
  readonly figures: () => Promise<InboxFigures>
  /** Counts parked events by reason, at most `limit` reasons, the most frequent first. */
  readonly parkedByReason: (limit: number) => Promise<ParkedEvents[]>
  /** @returns when these events were received. */
  readonly receipts: (eventIds: readonly string[]) => Promise<Date[]>
  /** Processes events again as if they had just arrived, except those that still wait. @returns their ids. */
  readonly redrive: (
    which:
      /** `notOf`: only those about another Stripe subscription than this one. */
      | { readonly eventIds: readonly string[]; readonly notOf?: string }
      | { readonly reason: string; readonly stripeSubscriptionId?: string },
    at: Date,
    limit: number,
  ) => Promise<string[]>
}
