// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.
import type { Json } from '../operations/json.ts'
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'

export type UsageOperations = {
  check_usage: {
    given: { p_now: Date; p_users: readonly string[]; p_features: readonly string[] }
    row: {
      ordinal: number
      obstacle: string | null
      subscription_id: string | null
      overage: string | null
      used_amount: number | null
      quota_limit: number | null
      remaining: number | null
      window_start: Date | null
      window_end: Date | null
    }
  }

  claim_overage_reports_of_user: {
    given: { p_user: string; p_now: Date; p_until: Date; p_limit: number }
    row: {
      subscription_id: string
      feature_id: string
      window_start: Date
      sequence: number
      amount: number
      occurred_at: Date
      attempts: number
      first_attempt_at: Date | null
      stripe_customer_id: string | null
      event_name: string
    }
  }

  claim_overage_reports: {
    given: { p_now: Date; p_until: Date; p_limit: number }
    row: {
      subscription_id: string
      feature_id: string
      window_start: Date
      sequence: number
      amount: number
      occurred_at: Date
      attempts: number
      first_attempt_at: Date | null
      stripe_customer_id: string | null
      event_name: string
    }
  }

  claim_usage_alerts: { given: { p_now: Date; p_limit: number }; row: { subscription_id: string } }

  consume_usage_plainly: {
    given: {
      p_now: Date
      p_users: readonly string[]
      p_features: readonly string[]
      p_totals: readonly number[]
      p_counters: readonly number[]
      p_keys: readonly string[]
      p_amounts: readonly number[]
      p_sums: readonly number[]
    }
    row: {
      counter: number
      subscription_id: string
      used_amount: number
      quota_limit: number | null
      own_left: number | null
      window_start: Date
      window_end: Date
    }
  }

  consume_usage: {
    given: {
      p_now: Date
      p_users: readonly string[]
      p_features: readonly string[]
      p_keys: readonly string[]
      p_amounts: readonly number[]
      p_occurred: readonly (Date | null)[]
      p_earliest: Date
    }
    row: {
      ordinal: number
      outcome: string
      reason: string | null
      repeated: boolean
      subscription_id: string | null
      used_amount: number | null
      quota_limit: number | null
      remaining: number | null
      window_start: Date | null
      window_end: Date | null
      alerted: boolean | null
    }
  }

  cut_overage_report: {
    given: { p_now: Date; p_subscription: string; p_feature: string; p_start: Date }
    value: boolean
  }

  end_overage_attempt: {
    given: {
      p_subscription: string
      p_feature: string
      p_start: Date
      p_sequence: number
      p_state: string
      p_at: Date | null
      p_error: string | null
    }
  }

  export_usage: {
    given: { p_from: Date; p_to: Date; p_after: string | null; p_limit: number }
    row: {
      cursor: string
      user_id: string
      feature: string
      window_start: Date
      window_end: Date
      used_amount: number
      quota_limit: number | null
      granted_amount: number
      overage_amount: number
      billed_amount: number
    }
  }

  grant_to_subscription: {
    given: {
      p_subscription: string
      p_id: string
      p_feature: string
      p_amount: number
      p_expires_at: Date | null
      p_reason: string
      p_now: Date
      p_key: string | null
      p_by: string | null
      p_changes: Json
    }
    value: object
  }

  grant_usage: {
    given: {
      p_id: string
      p_user: string
      p_feature: string
      p_amount: number
      p_expires_at: Date | null
      p_reason: string
      p_now: Date
      p_key: string
    }
    value: object
  }

  hold_usage: {
    given: {
      p_now: Date
      p_user: string
      p_feature: string
      p_key: string
      p_id: string
      p_amount: number
      p_expires_at: Date
    }
    row: {
      outcome: string
      reason: string | null
      id: string | null
      amount: number | null
      state: string | null
      settled_amount: number | null
      expires_at: Date | null
      used_amount: number | null
      quota_limit: number | null
      remaining: number | null
      subscription_id: string | null
      window_start: Date | null
      window_end: Date | null
    }
  }

  list_billed_usage: {
    given: { p_subscription: string; p_start: Date; p_end: Date }
    row: { feature_id: string; amount: number }
  }

  list_feature_switches: {
    given: { p_user: string; p_now: Date }
    row: { feature_id: string; code: string; is_enabled: boolean }
  }

  list_metered_counters: {
    given: { p_customers: readonly string[]; p_since: Date }
    row: {
      stripe_customer_id: string
      counter_id: string
      feature_id: string
      code: string
      event_name: string
      subscription_id: string
      plan_version_id: string
      anchor: Date
      period_start: Date
      opens_at: Date
      ended_at: Date | null
    }
  }

  list_overage_due_of_user: {
    given: { p_user: string; p_limit: number }
    row: { subscription_id: string; feature_id: string; starts: string }
  }

  list_overage_due: {
    given: { p_limit: number }
    row: { subscription_id: string; feature_id: string; starts: string }
  }

  list_usage_alerts: {
    given: { p_subscription: string; p_limit: number }
    row: {
      subscription_id: string
      feature_id: string
      code: string
      name: string
      window_start: Date
      window_end: Date
      threshold: number
      used_amount: number
      quota_limit: number
    }
  }

  list_usage_counters: {
    given: {
      p_now: Date
      p_user: string
      p_subscription: string
      p_features: readonly string[]
      p_starts: readonly Date[]
      p_ends: readonly Date[]
      p_limits: readonly (number | null)[]
    }
    row: {
      feature_id: string
      is_open: boolean
      used_amount: number
      quota_limit: number | null
      rolled_over: number
      granted_left: number
      held_amount: number
      overage_amount: number
      window_start: Date
      window_end: Date
      remaining: number | null
    }
  }

  list_usage_grants: {
    given: { p_user: string | null; p_feature: string | null; p_limit: number }
    values: object
  }

  list_usage_overrides: { given: { p_user: string }; values: object }

  narrow_held_limits: {
    given: {
      p_now: Date
      p_subscription: string
      p_plan_version: string
      p_quantity: number
      p_addons: Json
    }
    value: boolean
  }

  open_usage_windows: {
    given: {
      p_now: Date
      p_at: Date
      p_subscription: string
      p_plan_version: string
      p_features: readonly string[]
      p_starts: readonly Date[]
      p_ends: readonly Date[]
      p_limits: readonly (number | null)[]
      p_rollovers: readonly number[]
    }
  }

  remove_usage_override: {
    given: { p_user: string; p_feature: string; p_now: Date; p_key: string }
    value: object | null
  }

  report_overage_again: {
    given: {
      p_now: Date
      p_counter: string
      p_feature: string
      p_from: Date
      p_until: Date
      p_reported: number
      p_missing: number
    }
    value: boolean
  }

  restore_held_limits: { given: { p_now: Date; p_subscription: string } }

  revoke_usage_grant: { given: { p_id: string; p_now: Date; p_key: string }; value: object | null }

  set_usage_override: {
    given: {
      p_user: string
      p_feature: string
      p_limit: number | null
      p_expires_at: Date | null
      p_reason: string
      p_now: Date
      p_key: string
    }
    value: object
  }

  settle_reservation: {
    given: { p_now: Date; p_user: string; p_id: string; p_amount: number; p_policy: string }
    row: {
      outcome: string
      reason: string | null
      id: string | null
      amount: number | null
      state: string | null
      settled_amount: number | null
      expires_at: Date | null
      used_amount: number | null
      quota_limit: number | null
      remaining: number | null
      subscription_id: string | null
      window_start: Date | null
      window_end: Date | null
      overage_amount: number | null
    }
  }

  skip_usage_alerts: { given: { p_subscription: string; p_reason: string } }

  sum_overage_reports: {
    given: {
      p_counter: string
      p_feature: string
      p_from: Date
      p_until: Date
      p_sent_before: Date
    }
    row: { reported_amount: number; unconfirmed_amount: number; is_settled: boolean }
  }

  sum_usage_before: {
    given: { p_now: Date; p_before: Date; p_after: string; p_windows: number; p_rows: number }
    value: string | null
  }

  sum_usage: {
    given: { p_user: string; p_feature: string; p_until: Date; p_rows: number }
    value: boolean
  }

  switch_feature: {
    given: {
      p_user: string
      p_feature: string
      p_enabled: boolean
      p_expires_at: Date | null
      p_reason: string
      p_now: Date
      p_key: string
    }
    value: object
  }

  tidy_usage_partitions: {
    given: { p_now: Date; p_before: Date | null }
    value: readonly string[] | null
  }

  usage_history: {
    given: {
      p_user: string
      p_feature: string
      p_from: Date
      p_to: Date
      p_bucket: string
      p_time_zone: string
      p_rows: number
    }
    row: {
      starts_at: Date
      ends_at: Date
      used_amount: number
      overage_amount: number
      event_count: number
    }
  }
}

export const usageColumns = {
  check_usage: {
    instants: ['window_start', 'window_end'],
    bigints: ['used_amount', 'quota_limit', 'remaining'],
  },
  claim_overage_reports_of_user: {
    instants: ['window_start', 'occurred_at', 'first_attempt_at'],
    bigints: ['amount'],
  },
  claim_overage_reports: {
    instants: ['window_start', 'occurred_at', 'first_attempt_at'],
    bigints: ['amount'],
  },
  consume_usage_plainly: {
    instants: ['window_start', 'window_end'],
    bigints: ['used_amount', 'quota_limit', 'own_left'],
  },
  consume_usage: {
    instants: ['window_start', 'window_end'],
    bigints: ['used_amount', 'quota_limit', 'remaining'],
  },
  export_usage: {
    instants: ['window_start', 'window_end'],
    bigints: ['used_amount', 'quota_limit', 'granted_amount', 'overage_amount', 'billed_amount'],
  },
  hold_usage: {
    instants: ['expires_at', 'window_start', 'window_end'],
    bigints: ['amount', 'settled_amount', 'used_amount', 'quota_limit', 'remaining'],
  },
  list_billed_usage: { instants: [], bigints: ['amount'] },
  list_metered_counters: {
    instants: ['anchor', 'period_start', 'opens_at', 'ended_at'],
    bigints: [],
  },
  list_usage_alerts: {
    instants: ['window_start', 'window_end'],
    bigints: ['used_amount', 'quota_limit'],
  },
  list_usage_counters: {
    instants: ['window_start', 'window_end'],
    bigints: [
      'used_amount',
      'quota_limit',
      'rolled_over',
      'granted_left',
      'held_amount',
      'overage_amount',
      'remaining',
    ],
  },
  settle_reservation: {
    instants: ['expires_at', 'window_start', 'window_end'],
    bigints: [
      'amount',
      'settled_amount',
      'used_amount',
      'quota_limit',
      'remaining',
      'overage_amount',
    ],
  },
  sum_overage_reports: { instants: [], bigints: ['reported_amount', 'unconfirmed_amount'] },
  usage_history: {
    instants: ['starts_at', 'ends_at'],
    bigints: ['used_amount', 'overage_amount', 'event_count'],
  },
} satisfies Record<string, ColumnsOutsideJson>
