-- Everything that keeps Stripe and this database equal.

-- The inbox of Stripe's events: a row is committed before Stripe gets its 2xx.
create table stripe_events (
  account text not null,
  livemode boolean not null,
  event_id text not null,
  type text not null,
  api_version text,
  created_at timestamptz not null,
  received_at timestamptz not null,
  -- The ids that the event's object carries; the service reads everything else from Stripe.
  object_ids jsonb not null,
  payload jsonb,
  subscription_id uuid references subscriptions (id),
  state text not null default 'received',
  -- Why it is parked.
  reason text,
  attempts integer not null default 0,
  due_at timestamptz not null,
  last_error text,
  -- W3C trace context of the request that brought it, so that its processing, minutes later in another process, is part of the
  -- same trace. Null without tracing, or if no webhook brought it.
  traceparent text,
  -- In the order in which events are looked up.
  primary key (event_id, account, livemode),
  constraint event_state_is_known check (state in ('received', 'forwarded', 'done', 'parked')),
  constraint traceparent_is_w3c check (traceparent ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$')
);
create index stripe_events_to_forward on stripe_events (due_at) where state in ('received', 'forwarded');
-- Ascending: rows arrive in this order, so each is added at the end. Read backwards it is the newest first.
create index stripe_events_by_time on stripe_events (received_at);
create index stripe_events_parked on stripe_events (reason, received_at) where state = 'parked';
-- Whether events of a subscription at Stripe still wait, and which of them are parked. Most events concern no subscription.
create index stripe_events_of_a_subscription on stripe_events ((object_ids ->> 'stripeSubscriptionId'))
  where state in ('received', 'forwarded') and object_ids ->> 'stripeSubscriptionId' is not null;
create index stripe_events_left_out on stripe_events ((object_ids ->> 'stripeSubscriptionId'))
  where state = 'parked' and object_ids ->> 'stripeSubscriptionId' is not null;

-- How far a listing that is read in pieces has been read. A process that claims a cursor has it until `due_at`; if it dies,
-- another process continues then.
create table sync_cursors (
  name text primary key,
  position timestamptz not null,
  due_at timestamptz not null
);

-- Differences between here and Stripe, one row per finding: the same difference is the same row. Money is never repaired
-- automatically.
create table drift_findings (
  key text primary key,
  kind text not null,
  subscription_id uuid,
  stripe_id text,
  detail text not null,
  remedy text not null,
  state text not null default 'open',
  found_at timestamptz not null,
  seen_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  constraint drift_state_is_known check (state in ('open', 'repaired', 'resolved', 'dismissed')),
  constraint drift_remedy_is_known check (remedy in ('adopt', 'import', 'push', 'operator')),
  constraint closed_exactly_when_not_open check ((state = 'open') = (closed_at is null))
);
create index drift_findings_by_time on drift_findings (seen_at desc, key desc);
create index drift_findings_of_an_object on drift_findings (stripe_id) where state = 'open';

create table reconciliation_runs (
  id uuid primary key,
  cause text not null,
  dry_run boolean not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  listed integer not null default 0,
  found integer not null default 0,
  repaired integer not null default 0,
  detail text
);
-- The objects that a run found at Stripe. Everything else exists only here.
create table reconciliation_seen (
  run_id uuid not null references reconciliation_runs (id) on delete cascade,
  stripe_id text not null,
  primary key (run_id, stripe_id)
);

-- Prices made at Stripe that are mapped to a version, in addition to the version's own price.
create table stripe_prices (
  price_id text primary key,
  plan_version_id uuid not null references plan_versions (id),
  created_at timestamptz not null
);

-- The state at Stripe of each version that costs something: a price of its plan's product.
create table stripe_catalogue (
  plan_version_id uuid primary key references plan_versions (id),
  -- The values that were written last.
  pushed_name text,
  pushed_active boolean,
  pushed_at timestamptz,
  -- Counts the writes: each needs idempotency keys of its own.
  pushes integer not null default 0,
  compared_at timestamptz,
  -- The difference there, in words; null if nothing does.
  drift text,
  attempts integer not null default 0,
  due_at timestamptz not null,
  last_error text
);
create index stripe_catalogue_by_time on stripe_catalogue (due_at);

-- When the next request may go to Stripe. Stripe's limit is per account, so all processes share one row.
-- Both instants may be lost in a crash; then a few requests go too early.
create table stripe_pace (
  is_only boolean primary key default true,
  next_at timestamptz not null,
  -- The last instant given to a request that was sent away.
  coming_back_at timestamptz not null,
  constraint there_is_one_pace check (is_only)
);
insert into stripe_pace (next_at, coming_back_at) values ('epoch', 'epoch');
