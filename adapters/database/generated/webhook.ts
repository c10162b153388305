// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type WebhookOperations = {
  change_webhook_endpoint: {
    given: {
      p_id: string
      p_url: string
      p_description: string
      p_types: readonly string[] | null
      p_now: Date
      p_key: string | null
    }
    row: Row<'webhook_endpoints'>
  }

  claim_webhook_deliveries: {
    given: { p_endpoint: string; p_now: Date; p_until: Date; p_limit: number }
    row: {
      id: number
      attempts: number
      queued_at: Date
      url: string
      secrets: object
      event: object
    }
  }

  create_webhook_endpoint: {
    given: {
      p_id: string
      p_url: string
      p_description: string
      p_types: readonly string[] | null
      p_secrets: Json
      p_max: number
      p_now: Date
      p_key: string | null
    }
    row: Row<'webhook_endpoints'>
  }

  delete_webhook_endpoint: {
    given: { p_id: string; p_now: Date; p_key: string | null }
    row: Row<'webhook_endpoints'>
  }

  disable_webhook_endpoint: {
    given: { p_id: string; p_reason: string; p_now: Date; p_key: string | null }
    row: Row<'webhook_endpoints'>
  }

  enable_webhook_endpoint: {
    given: { p_id: string; p_now: Date; p_key: string | null }
    row: Row<'webhook_endpoints'>
  }

  find_webhook_endpoint: { given: { p_id: string }; row: Row<'webhook_endpoints'> }

  finish_webhook_delivery: {
    given: {
      p_id: number
      p_attempt: number
      p_state: string
      p_status: number | null
      p_error: string | null
      p_until: Date | null
      p_hold_after: number | null
      p_hold_until: Date | null
      p_now: Date
    }
    row: Row<'webhook_endpoints'>
  }

  forget_webhook_events: { given: { p_before: Date; p_limit: number }; value: number }

  list_webhook_deliveries: {
    given: {
      p_endpoint: string | null
      p_subscription: string | null
      p_state: string | null
      p_type: string | null
      p_after: number | null
      p_limit: number
    }
    row: {
      id: number
      endpoint_id: string
      subscription_id: string
      event_key: string
      sequence: number
      type: string
      state: string
      attempts: number
      queued_at: Date
      due_at: Date
      last_attempt_at: Date | null
      last_status: number | null
      last_error: string | null
      delivered_at: Date | null
      created_at: Date
    }
  }

  list_webhook_endpoints_due: { given: { p_now: Date }; values: string }

  list_webhook_endpoints: {
    row: Row<'webhook_endpoints'>
  }

  replay_webhook_deliveries: {
    given: { p_ids: readonly number[]; p_now: Date; p_key: string | null }
    value: number
  }

  replay_webhook_events: {
    given: { p_endpoint: string; p_since: Date; p_limit: number; p_now: Date; p_key: string | null }
    row: { replayed: number; at: Date | null }
  }

  rotate_webhook_secret: {
    given: {
      p_id: string
      p_sealed: string
      p_until: Date
      p_max: number
      p_command: string
      p_now: Date
      p_key: string | null
    }
    row: Row<'webhook_endpoints'>
  }

  webhook_figures: {
    row: { pending: number; oldest_queued_at: Date | null; enabled: number; disabled: number }
  }
}

export const webhookColumns = {
  change_webhook_endpoint: tableColumns.webhook_endpoints,
  claim_webhook_deliveries: { instants: ['queued_at'], bigints: ['id'] },
  create_webhook_endpoint: tableColumns.webhook_endpoints,
  delete_webhook_endpoint: tableColumns.webhook_endpoints,
  disable_webhook_endpoint: tableColumns.webhook_endpoints,
  enable_webhook_endpoint: tableColumns.webhook_endpoints,
  find_webhook_endpoint: tableColumns.webhook_endpoints,
  finish_webhook_delivery: tableColumns.webhook_endpoints,
  forget_webhook_events: { instants: [], bigints: ['forget_webhook_events'] },
  list_webhook_deliveries: {
    instants: ['queued_at', 'due_at', 'last_attempt_at', 'delivered_at', 'created_at'],
    bigints: ['id', 'sequence'],
  },
  list_webhook_endpoints: tableColumns.webhook_endpoints,
  replay_webhook_deliveries: { instants: [], bigints: ['replay_webhook_deliveries'] },
  replay_webhook_events: { instants: ['at'], bigints: ['replayed'] },
  rotate_webhook_secret: tableColumns.webhook_endpoints,
  webhook_figures: { instants: ['oldest_queued_at'], bigints: ['pending', 'enabled', 'disabled'] },
} satisfies Record<string, ColumnsOutsideJson>
