-- Usage windows, the ledger of usage events, and everything that adds to a window's limit.
--
-- At all times, for each window, feature_usage.used_amount = sum(usage_events.amount where outcome = 'allowed').
--
-- The order of use: the window's own limit (with what rolled over) first, then grants, those that expire first first, then
-- overage if the plan allows it. A release goes the other way.

-- One usage counter: a feature's use in one window.
--
-- It has no foreign key to subscriptions. Postgres checks a reference by locking the row that it names, and a workflow's
-- step holds the subscription while it waits for the window: usage that holds its window would deadlock with it.
create table feature_usage (
  subscription_id uuid not null,
  feature_id uuid not null references features (id),
  window_start timestamptz not null,
  window_end timestamptz not null,
  used_amount bigint not null default 0,
  -- Null is unlimited.
  quota_limit bigint,
  -- The amounts that this window got from the one before, and that the next one took from this one.
  rolled_in_amount bigint not null default 0,
  rolled_out_amount bigint not null default 0,
  -- Parts of `used_amount`: covered by grants; beyond all limits; and of that, what is billed.
  granted_amount bigint not null default 0,
  overage_amount bigint not null default 0,
  billed_amount bigint not null default 0,
  -- The part of `billed_amount` that was put into a report.
  reported_amount bigint not null default 0,
  -- Grants, an override or reservations exist, or once did. Without them a window is decided by its own row alone.
  has_extras boolean not null default false,
  -- Below this amount no alert is due; null is never. Zero makes the next event compute it.
  alert_at bigint default 0,
  primary key (subscription_id, feature_id, window_start),
  constraint window_is_half_open check (window_start < window_end),
  constraint usage_is_not_negative check (used_amount >= 0),
  constraint usage_is_the_sum_of_its_parts check (
    granted_amount >= 0 and overage_amount >= 0 and billed_amount between 0 and overage_amount
    and granted_amount + overage_amount <= used_amount),
  constraint rollover_of_a_window_is_not_negative check (rolled_in_amount >= 0 and rolled_out_amount >= 0)
) with (fillfactor = 70); -- room on the page, so that counting is a heap-only update

-- The ledger. Partitioned by the month in which an event was accepted, so that old months are dropped, not deleted.
-- An idempotency key is remembered for this month and the one before.
create table usage_events (
  recorded_month date not null,
  subscription_id uuid not null,
  idempotency_key text not null,
  feature_id uuid not null,
  amount bigint not null,
  outcome text not null,
  reason text,
  window_start timestamptz not null,
  used_after bigint not null,
  occurred_at timestamptz not null,
  granted_amount bigint not null default 0,
  overage_amount bigint not null default 0,
  billed_amount bigint not null default 0,
  -- As it was answered to the caller; null is unlimited.
  remaining_after bigint,
  -- The sum of months that were dropped, for a window that is still open.
  is_carried boolean not null default false,
  primary key (recorded_month, subscription_id, idempotency_key),
  constraint usage_outcome_is_known check (outcome in ('allowed', 'refused')),
  constraint refusals_have_a_reason check ((outcome = 'refused') = (reason is not null))
) partition by range (recorded_month);

create table usage_events_default partition of usage_events default;

-- For histories. It begins with one number per counter so that Postgres never uses it to look up an idempotency key: an
-- index that begins with the subscription, or can skip to it, made each lookup read all events of a busy customer.
create index usage_events_of_a_counter on usage_events (usage_counter(subscription_id, feature_id), occurred_at);

-- A limit in place of the plan's, for one user.
create table usage_overrides (
  user_id text not null references customers (user_id),
  feature_id uuid not null references features (id),
  quota_limit bigint,
  expires_at timestamptz,
  reason text not null,
  created_at timestamptz not null,
  primary key (user_id, feature_id),
  constraint override_is_not_negative check (quota_limit is null or quota_limit >= 0)
);

-- An amount in addition to all limits, for one user.
create table usage_grants (
  id uuid primary key,
  user_id text not null references customers (user_id),
  feature_id uuid not null references features (id),
  amount bigint not null,
  used_amount bigint not null default 0,
  expires_at timestamptz,
  reason text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint grant_is_positive check (amount > 0),
  constraint grant_is_not_overdrawn check (used_amount between 0 and amount)
);
create index usage_grants_of_a_user on usage_grants (user_id, feature_id, expires_at);

-- How much each window used of each grant. Per grant the sum is its `used_amount`, per window its `granted_amount`.
create table usage_grant_draws (
  grant_id uuid not null references usage_grants (id),
  subscription_id uuid not null,
  feature_id uuid not null,
  window_start timestamptz not null,
  amount bigint not null,
  primary key (grant_id, subscription_id, window_start),
  constraint draw_is_not_negative check (amount >= 0)
);
create index usage_grant_draws_of_a_window on usage_grant_draws (subscription_id, feature_id, window_start);

-- Amounts reserved before they are used, then settled (for less or for more) or released. A reservation counts against its
-- window until it is closed or expired; nothing has to run for that, because every decision looks at the time.
-- No foreign key to subscriptions, for the reason given at `feature_usage`.
create table usage_reservations (
  id uuid primary key,
  subscription_id uuid not null,
  feature_id uuid not null references features (id),
  window_start timestamptz not null,
  idempotency_key text not null,
  amount bigint not null,
  state text not null default 'held',
  settled_amount bigint,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  constraint reservation_key_is_one_reservation unique (subscription_id, idempotency_key),
  constraint reservation_is_positive check (amount > 0),
  constraint reservation_state_is_known check (state in ('held', 'settled', 'released')),
  constraint settled_exactly_with_an_amount check ((state = 'settled') = (settled_amount is not null)),
  constraint closed_exactly_at_an_instant check ((state = 'held') = (closed_at is null))
);
create index usage_reservations_held on usage_reservations (subscription_id, feature_id, window_start, expires_at)
  where state = 'held';

-- A threshold that a window's usage has reached, once. Written by the statement that counts the usage. A workflow that has
-- processed it sets it to `told`.
create table usage_alerts (
  subscription_id uuid not null,
  feature_id uuid not null,
  window_start timestamptz not null,
  threshold integer not null,
  used_amount bigint not null,
  quota_limit bigint not null,
  crossed_at timestamptz not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  due_at timestamptz not null,
  last_error text,
  primary key (subscription_id, feature_id, window_start, threshold),
  constraint alert_state_is_known check (state in ('pending', 'told', 'skipped'))
);
create index usage_alerts_to_tell on usage_alerts (due_at) where state = 'pending';
create index usage_alerts_by_time on usage_alerts (crossed_at desc);

-- Windows whose billed overage changed since their last report. The usage adds a row, the report deletes it.
create table usage_overage_due (
  subscription_id uuid not null,
  feature_id uuid not null,
  window_start timestamptz not null,
  primary key (subscription_id, feature_id, window_start)
);

-- Reports of billed overage to Stripe's meters. A report is written before it is sent, under an identifier made of
-- subscription, feature, window and sequence, so that sending it twice counts once. For each window, the sum of its reports
-- is feature_usage.reported_amount. No foreign key to subscriptions, for the reason given at `feature_usage`.
create table usage_overage_reports (
  subscription_id uuid not null,
  feature_id uuid not null references features (id),
  window_start timestamptz not null,
  sequence integer not null,
  amount bigint not null,
  occurred_at timestamptz not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  first_attempt_at timestamptz,
  due_at timestamptz not null,
  last_error text,
  created_at timestamptz not null,
  reported_at timestamptz,
  primary key (subscription_id, feature_id, window_start, sequence),
  constraint report_state_is_known check (state in ('pending', 'reported', 'failed')),
  constraint report_is_not_empty check (amount <> 0),
  constraint reported_exactly_at_an_instant check ((state = 'reported') = (reported_at is not null))
);
create index usage_overage_reports_to_send on usage_overage_reports (due_at) where state = 'pending';

-- The decision on one request, as `count_usage` returns it.
create type usage_decision as (
  outcome text, reason text, used_amount bigint, quota_limit bigint, remaining bigint, alerted boolean
);

-- A reservation with its counter, as the functions for reservations return it.
create type usage_hold as (
  outcome text, reason text, id uuid, amount bigint, state text, settled_amount bigint, expires_at timestamptz,
  used_amount bigint, quota_limit bigint, remaining bigint, subscription_id uuid, window_start timestamptz,
  window_end timestamptz
);
