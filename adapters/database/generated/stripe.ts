// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
import type { Row } from '../tables/schema.ts'
import { tableColumns } from './tables.ts'

export type StripeOperations = {
  are_sold_at_stripe: { given: { p_versions: readonly string[] }; value: boolean }

  ask_stripe_pace: {
    given: {
      p_class: string
      p_count: number
      p_interval_ms: number
      p_lead_ms: number
      p_wait_max_ms: number
      p_reserve_max_ms: number
      p_turn_ms: number | null
      p_ahead_max_ms: number
    }
    row: { may_go: boolean; after_ms: number }
  }

  claim_catalogue_pushes: {
    given: { p_now: Date; p_limit: number }
    row: {
      plan_version_id: string
      name: string
      price_active: boolean
      product_active: boolean
      kind: string
      pushes: number
      attempts: number
    }
  }

  claim_stripe_events: {
    given: {
      p_is_bills: boolean
      p_bills: readonly string[]
      p_now: Date
      p_until: Date
      p_limit: number
    }
    row: Row<'stripe_events'>
  }

  claim_sync_cursor: { given: { p_name: string; p_now: Date; p_until: Date }; value: Date | null }

  close_drift: {
    given: { p_keys: readonly string[]; p_state: string; p_by: string; p_now: Date }
    row: Row<'drift_findings'>
  }

  close_unseen_drift: { given: { p_since: Date; p_by: string; p_now: Date }; value: number }

  count_drift: {
    row: { kind: string; open: number }
  }

  count_parked_events: {
    given: { p_limit: number }
    row: { reason: string; many: number; newest: Date }
  }

  fail_catalogue_push: { given: { p_version: string; p_error: string } }

  find_drift: { given: { p_key: string }; row: Row<'drift_findings'> }

  finish_catalogue_push: {
    given: {
      p_version: string
      p_is_push: boolean
      p_name: string
      p_price_active: boolean
      p_drift: string | null
      p_now: Date
    }
  }

  forget_stripe_events: { given: { p_before: Date; p_limit: number }; value: number }

  forget_stripe_payloads: { given: { p_before: Date; p_limit: number }; value: number }

  forward_stripe_events: {
    given: {
      p_subscription: string
      p_accounts: readonly string[]
      p_livemodes: readonly boolean[]
      p_events: readonly string[]
      p_due_ats: readonly Date[]
    }
  }

  has_stripe_fact: {
    given: {
      p_stripe_subscription: string
      p_states: readonly string[]
      p_bills: readonly string[]
    }
    value: boolean
  }

  hold_stripe_pace: { given: { p_for_ms: number; p_lead_ms: number } }

  list_catalogue_at_stripe: {
    given: { p_slug: string | null; p_version: number | null }
    row: {
      slug: string
      version: number
      stripe_price_id: string | null
      pushed_at: Date | null
      compared_at: Date | null
      drift: string | null
      last_error: string | null
    }
  }

  list_drift: {
    given: {
      p_state: string | null
      p_kind: string | null
      p_subscription: string | null
      p_after: string | null
      p_limit: number
    }
    row: Row<'drift_findings'>
  }

  list_live_subscriptions: {
    given: { p_run: string; p_after: string | null; p_limit: number }
    row: { subscription: object; is_seen: boolean | null }
  }

  list_stripe_event_receipts: { given: { p_events: readonly string[] }; row: { received_at: Date } }

  list_stripe_events: {
    given: {
      p_state: string | null
      p_type: string | null
      p_reason: string | null
      p_subscription: string | null
      p_stripe_id: string | null
      p_after: string | null
      p_limit: number
    }
    row: Row<'stripe_events'>
  }

  map_stripe_price: { given: { p_price: string; p_version: string; p_now: Date } }

  note_drift: {
    given: {
      p_key: string
      p_kind: string
      p_subscription: string | null
      p_stripe_id: string | null
      p_detail: string
      p_remedy: string
      p_now: Date
    }
  }

  record_stripe_events: {
    given: {
      p_accounts: readonly string[]
      p_livemodes: readonly boolean[]
      p_event_ids: readonly string[]
      p_types: readonly string[]
      p_api_versions: readonly (string | null)[]
      p_created_at: readonly Date[]
      p_received_at: readonly Date[]
      p_object_ids: readonly string[]
      p_payloads: readonly (string | null)[]
      p_traceparents: readonly (string | null)[]
      p_states: readonly string[]
      p_reasons: readonly (string | null)[]
    }
    values: string
  }

  record_stripe_price: { given: { p_version: string; p_product: string; p_price: string } }

  redrive_stripe_events: {
    given: {
      p_events: readonly string[] | null
      p_not_of: string | null
      p_reason: string | null
      p_stripe_subscription: string | null
      p_now: Date
      p_limit: number
    }
    row: { event_id: string }
  }

  repeat_catalogue_push: { given: { p_slug: string; p_version: number; p_now: Date } }

  replace_stripe_price: { given: { p_version: string; p_old: string; p_new: string; p_now: Date } }

  settle_drift: { given: { p_stripe_id: string; p_now: Date } }

  stripe_inbox_figures: {
    row: { received: number; forwarded: number; parked: number; oldest_received_at: Date | null }
  }
}

export const stripeColumns = {
  claim_stripe_events: tableColumns.stripe_events,
  claim_sync_cursor: { instants: ['claim_sync_cursor'], bigints: [] },
  close_drift: tableColumns.drift_findings,
  close_unseen_drift: { instants: [], bigints: ['close_unseen_drift'] },
  count_drift: { instants: [], bigints: ['open'] },
  count_parked_events: { instants: ['newest'], bigints: ['many'] },
  find_drift: tableColumns.drift_findings,
  forget_stripe_events: { instants: [], bigints: ['forget_stripe_events'] },
  forget_stripe_payloads: { instants: [], bigints: ['forget_stripe_payloads'] },
  list_catalogue_at_stripe: { instants: ['pushed_at', 'compared_at'], bigints: [] },
  list_drift: tableColumns.drift_findings,
  list_stripe_event_receipts: { instants: ['received_at'], bigints: [] },
  list_stripe_events: tableColumns.stripe_events,
  stripe_inbox_figures: {
    instants: ['oldest_received_at'],
    bigints: ['received', 'forwarded', 'parked'],
  },
} satisfies Record<string, ColumnsOutsideJson>
