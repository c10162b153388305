import type {
  ClaimedDelivery,
  WebhookDelivery,
  WebhookDeliveryRepository,
  WebhookEvent,
} from '../../../domain/webhook/repository.ts'
import { subscriptionFromRow } from '../tables/subscription-rows.ts'
import type { Row } from '../tables/schema.ts'
import { errorText } from './error-text.ts'
import type { Operations, RowOf } from './port.ts'
import { tableRowFromJson } from './table-row-from-json.ts'
import { endpointFromRow, secretsFrom } from './webhook-endpoints.ts'

/** Deliveries of webhooks to the application, in the table `webhook_deliveries`. */
export function createWebhookDeliveryRepository(operations: Operations): WebhookDeliveryRepository {
  return {
    ...createSending(operations),
    ...createReplays(operations),

    async figures() {
      const [row] = await operations.rows('webhook_figures', {})
      if (row === undefined) throw new Error('webhook_figures returned no row')
      const { oldest_queued_at: oldestQueuedAt, ...counts } = row
      return { ...counts, oldestQueuedAt }
    },

    async list({ endpointId, subscriptionId, state, type }, { limit, after }) {
      const rows = await operations.rows('list_webhook_deliveries', {
        p_endpoint: endpointId ?? null,
        p_subscription: subscriptionId ?? null,
        p_state: state ?? null,
        p_type: type ?? null,
        p_after: after ?? null,
        p_limit: limit,
      })
      return rows.map(deliveryFrom)
    },
  }
}

function createSending(
  operations: Operations,
): Pick<WebhookDeliveryRepository, 'endpointsDue' | 'claimDue' | 'finish'> {
  return {
    endpointsDue: (at) => operations.values('list_webhook_endpoints_due', { p_now: at }),

    async claimDue(endpointId, at, limit, leaseMs) {
      const rows = await operations.rows('claim_webhook_deliveries', {
        p_endpoint: endpointId,
        p_now: at,
        p_until: new Date(at.getTime() + leaseMs),
        p_limit: limit,
      })
      return rows.map((row) => claimedFrom(row, endpointId))
    },

    async finish({ delivery, state, status, error, until, hold, at }) {
      const [row] = await operations.rows('finish_webhook_delivery', {
        p_id: delivery.id,
        p_attempt: delivery.attempts,
        p_state: state,
        p_status: status,
        p_error: error === null ? null : errorText(error),
        p_until: until,
        p_hold_after: hold?.after ?? null,
        p_hold_until: hold?.until ?? null,
        p_now: at,
      })
      return row && endpointFromRow(row)
    },
  }
}

function createReplays(
  operations: Operations,
): Pick<WebhookDeliveryRepository, 'replay' | 'replaySince'> {
  return {
    replay: (ids, { at, keyId }) =>
      operations.value('replay_webhook_deliveries', { p_ids: ids, p_now: at, p_key: keyId }),

    async replaySince({ endpointId, since, limit }, { at, keyId }) {
      const [row] = await operations.rows('replay_webhook_events', {
        p_endpoint: endpointId,
        p_since: since,
        p_limit: limit,
        p_now: at,
        p_key: keyId,
      })
      return { replayed: row?.replayed ?? 0, until: row?.at ?? null }
    },
  }
}

const claimedFrom = (
  row: RowOf<'claim_webhook_deliveries'>,
  endpointId: string,
): ClaimedDelivery => ({
  id: row.id,
  attempts: row.attempts,
  queuedAt: row.queued_at,
  endpointId,
  url: row.url,
  secrets: secretsFrom(row.secrets),
  event: eventFrom(tableRowFromJson('webhook_events', row.event)),
})

const eventFrom = (row: Row<'webhook_events'>): WebhookEvent => ({
  key: row.key,
  sequence: row.sequence,
  type: row.type,
  at: row.at,
  actor: row.actor,
  cause: row.cause,
  before: row.before,
  subscription: subscriptionFromRow(tableRowFromJson('subscriptions', row.subscription)),
  about: row.about,
  traceparent: row.traceparent,
})

const deliveryFrom = (row: RowOf<'list_webhook_deliveries'>): WebhookDelivery => ({
  id: row.id,
  endpointId: row.endpoint_id,
  subscriptionId: row.subscription_id,
  eventKey: row.event_key,
  sequence: row.sequence,
  type: row.type,
  state: row.state,
  attempts: row.attempts,
  dueAt: row.due_at,
  lastAttemptAt: row.last_attempt_at,
  lastStatus: row.last_status,
  lastError: row.last_error,
  deliveredAt: row.delivered_at,
  createdAt: row.created_at,
})
