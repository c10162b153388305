-- The read model of each subscription's workflow. The workflow is its only writer;
-- observed_seq counts its writes, and a write that does not continue from the last one is refused.

create table customers (
  user_id text primary key,
  stripe_customer_id text,
  email text,
  locale text not null default 'en',
  created_at timestamptz not null,
  constraint user_id_has_a_length check (char_length(user_id) between 1 and 128),
  constraint stripe_customer_is_one_user unique (stripe_customer_id)
);

create table subscriptions (
  id uuid primary key,
  user_id text not null references customers (user_id),
  product_line text not null,
  plan_version_id uuid not null references plan_versions (id),
  status text not null,
  anchor timestamptz,
  period_start timestamptz,
  period_end timestamptz,
  trial_end timestamptz,
  cancel_at timestamptz,
  past_due_since timestamptz,
  ended_at timestamptz,
  access_until timestamptz,
  stripe_subscription_id text,
  checkout_session_id text,
  checkout_url text,
  checkout_expires_at timestamptz,
  checkout_generation integer not null default 0,
  checkout_plan_version_id uuid references plan_versions (id),
  drift text,
  observed_seq bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint stripe_subscription_is_one_subscription unique (stripe_subscription_id),
  constraint checkout_session_is_one_subscription unique (checkout_session_id),
  constraint status_is_known check (status in
    ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')),
  constraint period_is_whole check ((period_start is null) = (period_end is null)),
  constraint period_is_half_open check (period_start < period_end),
  constraint running_has_a_period check (
    status not in ('trialing', 'active', 'past_due', 'unpaid', 'paused') or (anchor is not null and period_end is not null)),
  constraint past_due_has_a_beginning check ((status = 'past_due') = (past_due_since is not null)),
  constraint ended_exactly_when_over check ((status in ('canceled', 'incomplete_expired')) = (ended_at is not null)),
  constraint checkout_is_whole check (
    (checkout_session_id is null) = (checkout_url is null)
    and (checkout_session_id is null) = (checkout_expires_at is null)
    and (checkout_session_id is null) = (checkout_plan_version_id is null))
);

create unique index one_live_subscription_per_user_and_product_line on subscriptions (user_id, product_line)
  where status not in ('canceled', 'incomplete_expired');
create index subscriptions_of_a_user on subscriptions (user_id, created_at desc);

create table subscription_changes (
  subscription_id uuid not null references subscriptions (id),
  seq bigint not null,
  at timestamptz not null,
  actor text not null,
  kind text not null,
  before jsonb,
  after jsonb,
  cause text not null,
  primary key (subscription_id, seq)
);

create table invoices (
  id text primary key,
  subscription_id uuid not null references subscriptions (id),
  number text,
  status text not null,
  currency text not null,
  amount_due_minor bigint not null,
  amount_paid_minor bigint not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  attempt_count integer not null,
  next_payment_attempt timestamptz,
  hosted_invoice_url text,
  created_at timestamptz not null
);
create index invoices_of_a_subscription on invoices (subscription_id, created_at desc);

-- One row per message to a customer. The key names the fact, so a fact that is seen twice is told once.
create table notices (
  key text primary key,
  subscription_id uuid not null references subscriptions (id),
  kind text not null,
  content jsonb not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  due_at timestamptz not null,
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint notice_state_is_known check (state in ('pending', 'sent', 'skipped', 'failed'))
);
create index notices_to_send on notices (due_at) where state = 'pending';

-- The inbox of Stripe's events: a row is committed before Stripe gets its 2xx.
create table stripe_events (
  account text not null,
  livemode boolean not null,
  event_id text not null,
  type text not null,
  api_version text,
  created_at timestamptz not null,
  received_at timestamptz not null,
  object_ids jsonb not null,
  payload jsonb,
  subscription_id uuid references subscriptions (id),
  state text not null default 'received',
  reason text,
  attempts integer not null default 0,
  due_at timestamptz not null,
  last_error text,
  primary key (account, livemode, event_id),
  constraint event_state_is_known check (state in ('received', 'forwarded', 'done', 'parked'))
);
create index stripe_events_to_forward on stripe_events (due_at) where state in ('received', 'forwarded');

-- What a mutating call answered, so that its repeat answers the same.
create table idempotency_keys (
  caller text not null,
  key text not null,
  request_hash text not null,
  response_status integer,
  response_body jsonb,
  created_at timestamptz not null,
  primary key (caller, key),
  constraint idempotency_key_has_a_length check (char_length(key) between 1 and 255)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

create table api_keys (
  id uuid primary key,
  name text not null,
  prefix text not null,
  hash text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint api_key_hash_is_unique unique (hash),
  constraint api_key_scopes_are_known check (scopes <@ array['app', 'operator', 'read'] and cardinality(scopes) > 0)
);
