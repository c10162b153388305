import type { StripeObjectIds } from './event.ts'

/** `received`: not told yet. `forwarded`: told, not taken in yet. `done`: taken in. `parked`: kept, and not acted upon. */
export const EVENT_STATES = ['received', 'forwarded', 'done', 'parked'] as const
export type EventState = (typeof EVENT_STATES)[number]

/** What becomes of an event as it comes in: most are to be told, some need nothing, or must not be acted upon. */
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
  /** The trace of the webhook that brought it, as W3C writes it. */
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

export type InboxFilter = {
  readonly state?: EventState | undefined
  readonly type?: string | undefined
  readonly reason?: string | undefined
  readonly subscriptionId?: string | undefined
  /** Any of Stripe's ids that the event's object carries. */
  readonly stripeId?: string | undefined
}

export type InboxFigures = {
  readonly received: number
  readonly forwarded: number
  readonly parked: number
  readonly oldestReceivedAt: Date | null
}

export type StripeInboxRepository = {
  /** The newest first; `after` is the id of the last event of the page before. */
  readonly list: (
    filter: InboxFilter,
    page: { readonly limit: number; readonly after?: string | undefined },
  ) => Promise<InboxEvent[]>
  /** How much waits, and since when; how much is parked. */
  readonly figures: () => Promise<InboxFigures>
  /** When these events came. */
  readonly receipts: (eventIds: readonly string[]) => Promise<Date[]>
  /** Has events told once more, as if they had just come; answers which. What waits to be told already is left alone. */
  readonly redrive: (
    which:
      /** `notOf`: only those that tell of another subscription of Stripe's than this one. */
      | { readonly eventIds: readonly string[]; readonly notOf?: string }
      | { readonly reason: string; readonly stripeSubscriptionId?: string },
    at: Date,
    limit: number,
  ) => Promise<string[]>
}
