import type { Subscription } from '../subscription/subscription.ts'
import type { Actor, ChangeFacts } from '../subscription/timeline.ts'
import type { WebhookContent, WebhookType } from './webhook.ts'

/** A signing secret as it is kept: sealed, and valid until an instant, or for as long as nobody rotates it. */
export type SealedSecret = { readonly sealed: string; readonly until: Date | null }

/** Where an application wants to be told. */
export type WebhookEndpoint = {
  readonly id: string
  readonly url: string
  readonly description: string
  /** Null is every type, those of later releases too. */
  readonly eventTypes: readonly string[] | null
  readonly state: 'enabled' | 'disabled'
  readonly disabledReason: string | null
  readonly disabledAt: Date | null
  /** Since when nothing was acknowledged; null while all is well. */
  readonly failingSince: Date | null
  readonly secrets: readonly SealedSecret[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A fact, as it was committed. */
export type WebhookEvent = {
  /** Receivers know it by this: the same fact has the same key. */
  readonly key: string
  readonly sequence: number
  readonly type: WebhookType
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
  readonly before: ChangeFacts | null
  readonly subscription: Subscription
  readonly about: WebhookContent['about'] | null
  /** The trace of what wrote it, as W3C writes it; null where nobody traced. */
  readonly traceparent: string | null
}

/** A delivery that the caller alone may send for now. */
export type ClaimedDelivery = {
  readonly id: number
  /** Counts this attempt. */
  readonly attempts: number
  readonly queuedAt: Date
  readonly endpointId: string
  readonly url: string
  readonly secrets: readonly SealedSecret[]
  readonly event: WebhookEvent
}

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** A delivery as an operator sees it. */
export type WebhookDelivery = {
  readonly id: number
  readonly endpointId: string
  readonly subscriptionId: string
  readonly eventKey: string
  readonly sequence: number
  readonly type: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly dueAt: Date
  readonly lastAttemptAt: Date | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly deliveredAt: Date | null
  readonly createdAt: Date
}

/** Who changes something, for the audit; null is the service itself. */
export type WebhookAct = { readonly at: Date; readonly keyId: string | null }

type Settings = Pick<WebhookEndpoint, 'url' | 'description' | 'eventTypes'>

export type WebhookEndpointRepository = {
  readonly list: () => Promise<WebhookEndpoint[]>
  readonly find: (id: string) => Promise<WebhookEndpoint | undefined>
  /** Undefined when there is one of this id already, or there are `max`. */
  readonly create: (
    endpoint: Settings & { readonly id: string; readonly sealed: string },
    max: number,
    act: WebhookAct,
  ) => Promise<WebhookEndpoint | undefined>
  readonly change: (
    id: string,
    settings: Settings,
    act: WebhookAct,
  ) => Promise<WebhookEndpoint | undefined>
  readonly remove: (id: string, act: WebhookAct) => Promise<WebhookEndpoint | undefined>
  /** What waits for it is given up; a replay brings it back. */
  readonly disable: (
    id: string,
    reason: string,
    act: WebhookAct,
  ) => Promise<WebhookEndpoint | undefined>
  readonly enable: (id: string, act: WebhookAct) => Promise<WebhookEndpoint | undefined>
  /** Both secrets sign until `until`. Undefined when there is no such endpoint, or the command was carried out before. */
  readonly rotate: (
    id: string,
    rotation: { readonly sealed: string; readonly until: Date; readonly command: string },
    act: WebhookAct,
  ) => Promise<WebhookEndpoint | undefined>
}

export type DeliveryFilter = {
  readonly endpointId?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly state?: DeliveryState | undefined
  readonly type?: string | undefined
}

export type Finish = {
  readonly delivery: Pick<ClaimedDelivery, 'id' | 'attempts'>
  readonly state: DeliveryState
  readonly status: number | null
  readonly error: string | null
  /** When it is tried again. */
  readonly until: Date | null
  readonly hold: { readonly after: number; readonly until: Date } | null
  readonly at: Date
}

/** How much waits, since when, and how many endpoints are and are not sent anything. */
export type WebhookFigures = {
  readonly pending: number
  readonly oldestQueuedAt: Date | null
  readonly enabled: number
  readonly disabled: number
}

export type WebhookDeliveryRepository = {
  readonly figures: () => Promise<WebhookFigures>
  /** The endpoints for which something is due. */
  readonly endpointsDue: (at: Date) => Promise<string[]>
  /** Takes up to `limit` for `leaseMs`: of each subscription the first that was not acknowledged or given up. */
  readonly claimDue: (
    endpointId: string,
    at: Date,
    limit: number,
    leaseMs: number,
  ) => Promise<ClaimedDelivery[]>
  /** Answers the endpoint as it is then; undefined, and nothing is written, when another attempt overtook this one. */
  readonly finish: (finish: Finish) => Promise<WebhookEndpoint | undefined>
  readonly list: (
    filter: DeliveryFilter,
    page: { readonly limit: number; readonly after: number | undefined },
  ) => Promise<WebhookDelivery[]>
  /** Has these sent once more, and answers how many; those of a disabled endpoint are left alone. */
  readonly replay: (ids: readonly number[], act: WebhookAct) => Promise<number>
  /** Has all since an instant sent once more, the oldest first; `until` is where to go on if there may be more. */
  readonly replaySince: (
    of: { readonly endpointId: string; readonly since: Date; readonly limit: number },
    act: WebhookAct,
  ) => Promise<{ readonly replayed: number; readonly until: Date | null }>
}

export type WebhookRepository = {
  readonly endpoints: WebhookEndpointRepository
  readonly deliveries: WebhookDeliveryRepository
}
