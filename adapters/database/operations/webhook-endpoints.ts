import type {
  SealedSecret,
  WebhookEndpoint,
  WebhookEndpointRepository,
} from '../../../domain/webhook/repository.ts'
import type { Row } from '../tables/schema.ts'
import type { StoredSecret } from '../tables/webhook-tables.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'

/** The newest secret, and replaced ones that receivers may still use. */
const SECRETS_MAX = 4

/** Endpoints of webhooks, in the table `webhook_endpoints`. Their secrets are sealed. */
export function createWebhookEndpointRepository(operations: Operations): WebhookEndpointRepository {
  return {
    async list() {
      const rows = await operations.rows('list_webhook_endpoints', {})
      return rows.map(endpointFromRow)
    },

    find: (id) => firstOf(operations.rows('find_webhook_endpoint', { p_id: id })),

    create: ({ id, sealed, url, description, eventTypes }, max, { at, keyId }) =>
      firstOf(
        operations.rows('create_webhook_endpoint', {
          p_id: id,
          p_url: url,
          p_description: description,
          p_types: eventTypes,
          p_secrets: new Json([{ sealed, until: null }]),
          p_max: max,
          p_now: at,
          p_key: keyId,
        }),
      ),

    change: (id, { url, description, eventTypes }, { at, keyId }) =>
      firstOf(
        operations.rows('change_webhook_endpoint', {
          p_id: id,
          p_url: url,
          p_description: description,
          p_types: eventTypes,
          p_now: at,
          p_key: keyId,
        }),
      ),

    remove: (id, { at, keyId }) =>
      firstOf(operations.rows('delete_webhook_endpoint', { p_id: id, p_now: at, p_key: keyId })),

    ...createChangesOfState(operations),
  }
}

/** Changes of an endpoint's state and secrets. */
const createChangesOfState = (
  operations: Operations,
): Pick<WebhookEndpointRepository, 'disable' | 'enable' | 'rotate'> => ({
  disable: (id, reason, { at, keyId }) =>
    firstOf(
      operations.rows('disable_webhook_endpoint', {
        p_id: id,
        p_reason: reason,
        p_now: at,
        p_key: keyId,
      }),
    ),

  enable: (id, { at, keyId }) =>
    firstOf(operations.rows('enable_webhook_endpoint', { p_id: id, p_now: at, p_key: keyId })),

  rotate: (id, { sealed, until, command }, { at, keyId }) =>
    firstOf(
      operations.rows('rotate_webhook_secret', {
        p_id: id,
        p_sealed: sealed,
        p_until: until,
        p_max: SECRETS_MAX,
        p_command: command,
        p_now: at,
        p_key: keyId,
      }),
    ),
})

async function firstOf(
  found: Promise<Row<'webhook_endpoints'>[]>,
): Promise<WebhookEndpoint | undefined> {
  const [row] = await found
  return row && endpointFromRow(row)
}

/** An endpoint, with its secrets still sealed. */
export const endpointFromRow = (row: Row<'webhook_endpoints'>): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  description: row.description,
  eventTypes: row.event_types,
  state: row.state,
  disabledReason: row.disabled_reason,
  disabledAt: row.disabled_at,
  failingSince: row.failing_since,
  secrets: secretsFrom(row.secrets),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** The sealed secrets of a row; `until` is when a replaced one stops to be used. */
export const secretsFrom = (stored: readonly StoredSecret[]): SealedSecret[] =>
  stored.map(({ sealed, until }) => ({ sealed, until: until === null ? null : new Date(until) }))
