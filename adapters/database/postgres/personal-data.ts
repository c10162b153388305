/** A user's rows in a table, and how they are erased. */
type Held = {
  /** Selects the rows. `$1` is the user's id. */
  readonly rows: string
  /** Erases the rows. `$2` is the alias that replaces the id. Without a statement the rows stay as they are. */
  readonly erase?: string
}

/** The user's subscriptions. */
const SUBSCRIPTION_IDS = `(select id from subscriptions where user_id = $1)`
const ofSubscription = (table: string) =>
  `select t.* from ${table} t where t.subscription_id in ${SUBSCRIPTION_IDS}`
/** Whether a JSON column contains the user's id as a string, anywhere. */
const mentionsUser = (column: string) =>
  `coalesce(strpos(${column}::text, to_json($1::text)::text) > 0, false)`
const renamed = (column: string) =>
  `replace(${column}::text, to_json($1::text)::text, to_json($2::text)::text)::jsonb`
/** Responses to the user's commands, and to operators' commands about the user. */
const RESPONSES = `caller = 'user/' || $1 or ${mentionsUser('response_body')}`
/** After Stripe's customer is deleted, only stored events still link it to the user. */
const EVENTS = `subscription_id in ${SUBSCRIPTION_IDS} or ${mentionsUser('payload')} or object_ids ->> 'customerId' in (
  select stripe_customer_id from customers where user_id = $1
  union select object_ids ->> 'customerId' from stripe_events where ${mentionsUser('payload')})`

/**
 * Every table with personal data, in the order of erasure. Subscriptions, usage and payments are kept under a random
 * alias, because accounting and the sums of the ledger need them.
 */
export const HELD: Readonly<Record<string, Held>> = {
  idempotency_keys: {
    rows: `select t.* from idempotency_keys t where ${RESPONSES}`,
    erase: `delete from idempotency_keys where ${RESPONSES}`,
  },
  page_sessions: {
    rows: `select t.* from page_sessions t where t.kind = 'account' and t.owner = $1`,
    erase: `delete from page_sessions where kind = 'account' and owner = $1`,
  },
  stripe_events: {
    rows: `select t.* from stripe_events t where ${EVENTS}`,
    erase: `update stripe_events set payload = null, last_error = null where ${EVENTS}`,
  },
  webhook_deliveries: {
    rows: ofSubscription('webhook_deliveries'),
    erase: `delete from webhook_deliveries where subscription_id in ${SUBSCRIPTION_IDS}`,
  },
  // Each event contains the whole subscription. Pending deliveries of an erased user are dropped.
  webhook_events: {
    rows: ofSubscription('webhook_events'),
    erase: `delete from webhook_events where subscription_id in ${SUBSCRIPTION_IDS}`,
  },
  notices: {
    rows: ofSubscription('notices'),
    // The error of a mail server may contain the address, and the letter about a card the end of its number.
    erase: `with about_a_card as (
        delete from notices where kind = 'card_expiring' and subscription_id in ${SUBSCRIPTION_IDS}
      )
      update notices set last_error = null,
        state = case when state = 'pending' then 'skipped' else state end
      where kind <> 'card_expiring' and subscription_id in ${SUBSCRIPTION_IDS}`,
  },
  drift_findings: {
    rows: ofSubscription('drift_findings'),
    erase: `delete from drift_findings where subscription_id in ${SUBSCRIPTION_IDS}`,
  },
  operator_actions: {
    rows: `select t.* from operator_actions t where t.user_id = $1`,
    // Operators may have written personal data into the reason.
    erase: `update operator_actions set user_id = $2, before = ${renamed('before')} - 'reason',
        after = ${renamed('after')} - 'reason'
      where user_id = $1`,
  },
  catalogue_changes: {
    rows: `select t.* from catalogue_changes t
      where ${mentionsUser('t.before')} or ${mentionsUser('t.after')}`,
    erase: `update catalogue_changes set before = ${renamed('before')} - 'because',
        after = ${renamed('after')} - 'because'
      where ${mentionsUser('before')} or ${mentionsUser('after')}`,
  },
  plan_migrations: {
    rows: `select t.* from plan_migrations t where ${mentionsUser('t.filter')}`,
    erase: `update plan_migrations set filter = ${renamed('filter')} where ${mentionsUser('filter')}`,
  },
  plan_versions: {
    rows: `select t.* from plan_versions t where t.custom_for = $1`,
    erase: `update plan_versions set custom_for = $2, active = false where custom_for = $1`,
  },
  usage_overrides: {
    rows: `select t.* from usage_overrides t where t.user_id = $1`,
    erase: `update usage_overrides set user_id = $2, reason = 'erased' where user_id = $1`,
  },
  usage_grants: {
    rows: `select t.* from usage_grants t where t.user_id = $1`,
    erase: `update usage_grants set user_id = $2, reason = 'erased' where user_id = $1`,
  },
  subscription_changes: { rows: ofSubscription('subscription_changes') },
  decisions: {
    // A record contains no personal data; the row leads to the subscription. The body is binary, in base64.
    rows: `select t.subscription_id, t.seq, t.at, t.rule, t.build, t.first_entry, t.last_entry,
        encode(t.body, 'base64') as body
      from decisions t where t.subscription_id in ${SUBSCRIPTION_IDS}`,
  },
  plan_migration_items: { rows: ofSubscription('plan_migration_items') },
  invoices: {
    rows: ofSubscription('invoices'),
    // Anybody with the URL of Stripe's page can read the name on the invoice.
    erase: `update invoices set hosted_invoice_url = null where subscription_id in ${SUBSCRIPTION_IDS}`,
  },
  trial_identities: {
    rows: ofSubscription('trial_identities'),
    // The hashes stay, so that erasing an account gives no second trial; they no longer lead to what the user did.
    erase: `update trial_identities set subscription_id = null where subscription_id in ${SUBSCRIPTION_IDS}`,
  },
  feature_usage: { rows: ofSubscription('feature_usage') },
  usage_events: { rows: ofSubscription('usage_events') },
  usage_sums: {
    rows: ofSubscription('usage_sums'),
    // Nobody asks for the history of an erased user. The windows are unsummed, as they were before anybody asked.
    erase: `with sums as (delete from usage_sums where subscription_id in ${SUBSCRIPTION_IDS})
      update feature_usage set summed_until = '-infinity' where subscription_id in ${SUBSCRIPTION_IDS}`,
  },
  usage_grant_draws: { rows: ofSubscription('usage_grant_draws') },
  usage_reservations: { rows: ofSubscription('usage_reservations') },
  usage_alerts: { rows: ofSubscription('usage_alerts') },
  usage_overage_due: { rows: ofSubscription('usage_overage_due') },
  usage_overage_reports: { rows: ofSubscription('usage_overage_reports') },
  subscriptions: {
    rows: `select t.* from subscriptions t where t.user_id = $1`,
    erase: `update subscriptions set user_id = $2, checkout_url = null, checkout_session_id = null,
        checkout_expires_at = null, checkout_plan_version_id = null, pending_payment_url = null
      where user_id = $1`,
  },
  customers: {
    rows: `select t.* from customers t where t.user_id = $1`,
    erase: `delete from customers where user_id = $1`,
  },
}

/** Tables without personal data. */
export const IMPERSONAL = [
  'api_keys',
  'features',
  'plan_features',
  'plan_migration_sources',
  'plans',
  'reconciliation_runs',
  'reconciliation_seen',
  'schema_functions',
  'schema_migrations',
  'status_transitions',
  'stripe_catalogue',
  'stripe_pace',
  'stripe_pace_classes',
  'stripe_prices',
  'sync_cursors',
  'webhook_endpoints',
] as const
