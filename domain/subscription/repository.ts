import type { Notice } from '../customer/letter.ts'
import type { SubscriptionId } from '../ids.ts'
import type { StripeObjectIds } from '../stripe/event.ts'
import type { SubscriptionFilter, SubscriptionPage } from './search.ts'
import type { Subscription } from './subscription.ts'
import type { Actor, Change } from './timeline.ts'
import type { UsageAlert } from '../usage/alert.ts'
import type { QuotaWindow } from '../usage/quota-window.ts'

/** Everything that one step of a workflow writes, in one transaction. */
export type SubscriptionWrite = {
  readonly before: Subscription
  /** Written with `observedSeq` one after `before`'s. */
  readonly after: Subscription
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
  readonly changes: readonly Change[]
  readonly notices: readonly Notice[]
  /** Windows to open; one that is open already keeps its usage and takes over the limit. */
  readonly windows: readonly QuotaWindow[]
  /** Ends the windows that are open at this instant first: the anchor moved, counting starts anew. */
  readonly endWindowsAt: Date | null
  /** The alert that this step tells: it is told when it commits. */
  readonly alert: UsageAlert | null
  /** Ids of the Stripe events that this step took in: they are done when it commits. */
  readonly eventIds: readonly string[]
  /** The trace that it belongs to, as W3C writes it: what it tells an application goes on there. */
  readonly traceparent?: string | null
}

/** `superseded`: another write came in between, so what was decided here no longer counts. */
export type WriteOutcome = 'saved' | 'superseded'

/** `taken`: the user has a live subscription of this product line already. */
export type CreateOutcome =
  | { readonly kind: 'created' }
  | { readonly kind: 'repeated'; readonly subscription: Subscription }
  | { readonly kind: 'taken'; readonly by: SubscriptionId }

export type TimelineEntry = Change & {
  readonly seq: number
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
}

export type SubscriptionRepository = {
  readonly find: (id: SubscriptionId) => Promise<Subscription | undefined>
  readonly findLive: (userId: string, productLine: string) => Promise<Subscription | undefined>
  /** Whether the user began a trial in this product line before; there is one per user. */
  readonly hadTrial: (userId: string, productLine: string) => Promise<boolean>
  readonly listOfUser: (userId: string, limit: number) => Promise<Subscription[]>
  readonly create: (subscription: Subscription) => Promise<CreateOutcome>
  readonly save: (write: SubscriptionWrite) => Promise<WriteOutcome>
  readonly timeline: (id: SubscriptionId, limit: number) => Promise<TimelineEntry[]>
  /** For operators: whoever's they are, the newest first. */
  readonly search: (filter: SubscriptionFilter, page: SubscriptionPage) => Promise<Subscription[]>
  /** The subscription that a Stripe object belongs to, by any of the ids that it carries. */
  readonly findByStripeIds: (ids: StripeObjectIds) => Promise<Subscription | undefined>
}
