import type { DecisionToStore } from '../decision/decision-record.ts'
import type { Letter } from '../customer/letter.ts'
import type { SubscriptionId } from '../ids.ts'
import type { StripeObjectIds } from '../stripe/event.ts'
import type { SubscriptionFilter, SubscriptionPage } from './search.ts'
import type { Subscription } from './subscription.ts'
import type { Actor, Change, RequestedBy } from './timeline.ts'
import type { UsageAlert } from '../usage/alert.ts'
import type { QuotaWindow } from '../usage/quota-window.ts'

/** Everything that one step of a workflow writes, in one transaction. */
export type SubscriptionWrite = {
  readonly before: Subscription
  /** Its `observedSeq` is one more than that of `before`. */
  readonly after: Subscription
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
  /** Null for an entry that no command caused. */
  readonly by?: RequestedBy | null
  readonly changes: readonly Change[]
  readonly letters: readonly Letter[]
  /** Windows to open. A window that is already open keeps its usage and gets the new limit. */
  readonly windows: readonly QuotaWindow[]
  /** Ends the windows open at this instant first, because the anchor moved. */
  readonly endWindowsAt: Date | null
  /** The usage alert that this write marks as done. */
  readonly alert: UsageAlert | null
  /** Ids of the Stripe events that this write marks as done. */
  readonly eventIds: readonly string[]
  /** The decision that made this write; null or absent if it changed nothing. */
  readonly decision?: DecisionToStore | null
  /** W3C trace context, continued by the webhooks of this write. */
  readonly traceparent?: string | null
}

/** `superseded`: another write came first, so nothing was written. */
export type WriteOutcome = 'saved' | 'superseded'

/** `taken`: the user already has a live subscription in this product line. */
export type CreateOutcome =
  | { readonly kind: 'created' }
  | { readonly kind: 'repeated'; readonly subscription: Subscription }
  | { readonly kind: 'taken'; readonly by: SubscriptionId }

/** A stored entry of the timeline. Never changed. */
export type TimelineEntry = Change &
  RequestedBy & {
    readonly seq: number
    readonly at: Date
    readonly actor: Actor
    readonly cause: string
  }

/** Subscriptions and their timelines. */
export type SubscriptionRepository = {
  readonly find: (id: SubscriptionId) => Promise<Subscription | undefined>
  readonly findLive: (userId: string, productLine: string) => Promise<Subscription | undefined>
  /** The latest subscription of a user in a product line, live or ended. */
  readonly findLatest: (userId: string, productLine: string) => Promise<Subscription | undefined>
  readonly listOfUser: (userId: string, limit: number) => Promise<Subscription[]>
  readonly create: (subscription: Subscription) => Promise<CreateOutcome>
  readonly save: (write: SubscriptionWrite) => Promise<WriteOutcome>
  readonly timeline: (id: SubscriptionId, limit: number) => Promise<TimelineEntry[]>
  /** Searches the subscriptions of all users, newest first. */
  readonly search: (filter: SubscriptionFilter, page: SubscriptionPage) => Promise<Subscription[]>
  /** Finds the subscription of a Stripe object by any of its ids. */
  readonly findByStripeIds: (ids: StripeObjectIds) => Promise<Subscription | undefined>
}
