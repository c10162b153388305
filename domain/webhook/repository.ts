import type { Subscription } from '../subscription/subscription.ts'
import type { Actor, ChangeFacts } from '../subscription/timeline.ts'
import type { WebhookContent, WebhookType } from './webhook.ts'

/** An encrypted signing secret. `until` null: valid until it is rotated. */
export type SealedSecret = { readonly sealed: string; readonly until: Date | null }

/** An application's endpoint for webhooks. */
export type WebhookEndpoint = {
  readonly id: string
  readonly url: string
  readonly description: string
  /** Null for all types, including those of later releases. */
  readonly eventTypes: readonly string[] | null
  readonly state: 'enabled' | 'disabled'
  readonly disabledReason: string | null
  readonly disabledAt: Date | null
  /** The first of the consecutive failures; null if the last delivery succeeded. */
  readonly failingSince: Date | null
  readonly secrets: readonly SealedSecret[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** An event as it was committed. */
export type WebhookEvent = {
  /** Receivers recognise repeats by it: the same fact has the same key. */
  readonly key: string
  readonly sequence: number
  readonly type: WebhookType
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
  readonly before: ChangeFacts | null
  readonly subscription: Subscription
  readonly about: WebhookContent['about'] | null
  /** W3C trace context of its cause; null without tracing. */
  readonly traceparent: string | null
}

/** A delivery that only the caller may send until its lease ends. */
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

/** The states of a delivery. */
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

/** For the audit log; `keyId` null is the service itself. */
export type WebhookAct = { readonly at: Date; readonly keyId: string | null }

type Settings = Pick<WebhookEndpoint, 'url' | 'description' | 'eventTypes'>

/** Endpoints and their signing secrets. */
export type WebhookEndpointRepository = {
  readonly list: () => Promise<WebhookEndpoint[]>
  readonly find: (id: string) => Promise<WebhookEndpoint | undefined>
  /** Undefined if the id exists already, or there are `max` endpoints. */
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
  /** Gives up its pending deliveries; a replay sends them again. */
  readonly disable: (
    id: string,
    reason: string,
    act: WebhookAct,
  ) => Promise<WebhookEndpoint | undefined>
  readonly enable: (id: string, act: WebhookAct) => Promise<WebhookEndpoint | undefined>
  /** Old and new secret both sign until `until`. Undefined if there is no such endpoint or the command was done before. */
  readonly rotate: (
    id: string,
    rotation: { readonly sealed: string; readonly until: Date; readonly command: string },
    act: WebhookAct,
  ) => Promise<WebhookEndpoint | undefined>
}

/** The deliveries to list; all given parts must match. */
export type DeliveryFilter = {
  readonly endpointId?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly state?: DeliveryState | undefined
  readonly type?: string | undefined
}

/** The outcome of an attempt. */
export type Finish = {
  readonly delivery: Pick<ClaimedDelivery, 'id' | 'attempts'>
  readonly state: DeliveryState
  readonly status: number | null
  readonly error: string | null
  /** The next attempt, if any. */
  readonly until: Date | null
  readonly hold: { readonly after: number; readonly until: Date } | null
  readonly at: Date
}

/** Figures of pending deliveries and of endpoints by state. */
export type WebhookFigures = {
  readonly pending: number
  readonly oldestQueuedAt: Date | null
  readonly enabled: number
  readonly disabled: number
}

/** Deliveries that are due, and their attempts. */
export type WebhookDeliveryRepository = {
  readonly figures: () => Promise<WebhookFigures>
  /** Ids of endpoints with due deliveries. */
  readonly endpointsDue: (at: Date) => Promise<string[]>
  /** Claims up to `limit` deliveries for `leaseMs` milliseconds: the oldest pending one of each subscription, to keep order. */
  readonly claimDue: (
    endpointId: string,
    at: Date,
    limit: number,
    leaseMs: number,
  ) => Promise<ClaimedDelivery[]>
  /** Records an attempt. @returns the endpoint afterwards; undefined, without a write, if a newer attempt was recorded. */
  readonly finish: (finish: Finish) => Promise<WebhookEndpoint | undefined>
  readonly list: (
    filter: DeliveryFilter,
    page: { readonly limit: number; readonly after: number | undefined },
  ) => Promise<WebhookDelivery[]>
  /** Sends deliveries again, except to disabled endpoints. @returns how many. */
  readonly replay: (ids: readonly number[], act: WebhookAct) => Promise<number>
  /** Sends all deliveries since an instant again, oldest first. Continue from `until` if it is not null. */
  readonly replaySince: (
    of: { readonly endpointId: string; readonly since: Date; readonly limit: number },
    act: WebhookAct,
  ) => Promise<{ readonly replayed: number; readonly until: Date | null }>
}

/** All of webhooks. */
export type WebhookRepository = {
  readonly endpoints: WebhookEndpointRepository
  readonly deliveries: WebhookDeliveryRepository
}
