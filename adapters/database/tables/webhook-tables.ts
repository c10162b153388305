import type { Generated, JSONColumnType } from 'kysely'
import type { Actor, ChangeFacts } from '../../../domain/subscription/timeline.ts'
import type { WebhookContent, WebhookType } from '../../../domain/webhook/webhook.ts'
import type { Instant } from './instant-column.ts'

/** A secret as JSON keeps it. */
export type StoredSecret = { readonly sealed: string; readonly until: string | null }

/** An endpoint of the application. A null `event_types` receives all types. */
export type WebhookEndpointsTable = {
  id: string
  url: string
  description: string
  event_types: string[] | null
  secrets: JSONColumnType<readonly StoredSecret[]>
  rotated_by: string
  state: Generated<'enabled' | 'disabled'>
  disabled_reason: string | null
  disabled_at: Instant | null
  failing_since: Instant | null
  failures: Generated<number>
  held_until: Instant | null
  created_at: Instant
  updated_at: Instant
}

/** An event for the application. `key` names the fact that it is about. */
export type WebhookEventsTable = {
  id: Generated<number>
  key: string
  subscription_id: string
  sequence: number
  type: WebhookType
  at: Instant
  actor: Actor
  cause: string
  before: JSONColumnType<ChangeFacts> | null
  /** A row of `subscriptions`. */
  subscription: JSONColumnType<object>
  about: JSONColumnType<NonNullable<WebhookContent['about']>> | null
  traceparent: string | null
}

/** An event on its way to one endpoint. */
export type WebhookDeliveriesTable = {
  id: Generated<number>
  endpoint_id: string
  event_id: number
  subscription_id: string
  type: string
  state: Generated<'pending' | 'delivered' | 'failed'>
  attempts: Generated<number>
  queued_at: Instant
  due_at: Instant
  last_attempt_at: Instant | null
  last_status: number | null
  last_error: string | null
  delivered_at: Instant | null
  created_at: Instant
}

/** The tables of webhooks, by name. */
export type WebhookTables = {
  webhook_endpoints: WebhookEndpointsTable
  webhook_events: WebhookEventsTable
  webhook_deliveries: WebhookDeliveriesTable
}
