-- Subscriptions, their timeline, and the letters to their customers.
--
-- These rows are the read model of each subscription's workflow, which is their only writer. `observed_seq` counts its
-- writes; a write that does not continue from the last one is refused.

create table subscriptions (
  id uuid primary key,
  user_id text not null references customers (user_id),
  product_line text not null,
  plan_version_id uuid not null references plan_versions (id),
  status text not null,
  -- All boundaries of periods and windows are counted from here.
  anchor timestamptz,
  period_start timestamptz,
  period_end timestamptz,
  trial_end timestamptz,
  cancel_at timestamptz,
  past_due_since timestamptz,
  ended_at timestamptz,
  -- Access ends here: the status and the days of grace are already considered.
  access_until timestamptz,
  stripe_subscription_id text,
  checkout_session_id text,
  checkout_url text,
  checkout_expires_at timestamptz,
  checkout_generation integer not null default 0,
  checkout_plan_version_id uuid references plan_versions (id),
  -- The difference at Stripe, in words; null if nothing does.
  drift text,
  observed_seq bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- A requested change that has not happened yet: a plan that is scheduled, or waits for its payment.
  pending_kind text,
  pending_plan_version_id uuid references plan_versions (id),
  pending_at timestamptz,
  pending_payment_url text,
  -- When a pause ends by itself.
  resumes_at timestamptz,
  quantity integer not null default 1,
  -- As Stripe describes it.
  discount jsonb,
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
    and (checkout_session_id is null) = (checkout_plan_version_id is null)),
  constraint pending_kind_is_known check (pending_kind in ('scheduled', 'awaiting_payment')),
  constraint pending_change_is_whole check (
    (pending_kind is null) = (pending_plan_version_id is null)
    and (pending_kind is null) = (pending_at is null)
    and (pending_kind is not null or pending_payment_url is null)),
  constraint only_the_paused_resume check (resumes_at is null or status = 'paused'),
  constraint subscription_has_one_or_more check (quantity >= 1)
);

create unique index one_live_subscription_per_user_and_product_line on subscriptions (user_id, product_line)
  where status not in ('canceled', 'incomplete_expired');
create index subscriptions_of_a_user on subscriptions (user_id, created_at desc);
create index subscriptions_of_a_plan_version on subscriptions (plan_version_id, id)
  where status not in ('canceled', 'incomplete_expired');
-- For the console: newest first, of all or of one status; by the start of a user id; those that ended recently.
create index subscriptions_newest on subscriptions (created_at desc, id desc);
create index subscriptions_by_status on subscriptions (status, created_at desc, id desc);
create index subscriptions_by_beginning_of_user on subscriptions (user_id text_pattern_ops);
create index subscriptions_that_ended on subscriptions (ended_at) where ended_at is not null;

-- Which status may follow which. The domain holds the same table in TypeScript, and a test compares the two.
create table status_transitions (
  before text not null,
  after text not null,
  primary key (before, after)
);
insert into status_transitions (before, after) values
  ('incomplete', 'trialing'), ('incomplete', 'active'), ('incomplete', 'past_due'), ('incomplete', 'paused'),
  ('incomplete', 'canceled'), ('incomplete', 'incomplete_expired'), ('incomplete', 'unpaid'),
  ('trialing', 'active'), ('trialing', 'past_due'), ('trialing', 'unpaid'), ('trialing', 'paused'), ('trialing', 'canceled'),
  ('active', 'trialing'), ('active', 'past_due'), ('active', 'unpaid'), ('active', 'paused'), ('active', 'canceled'),
  ('past_due', 'trialing'), ('past_due', 'active'), ('past_due', 'unpaid'), ('past_due', 'paused'), ('past_due', 'canceled'),
  ('unpaid', 'trialing'), ('unpaid', 'active'), ('unpaid', 'past_due'), ('unpaid', 'paused'), ('unpaid', 'canceled'),
  ('paused', 'trialing'), ('paused', 'active'), ('paused', 'past_due'), ('paused', 'unpaid'), ('paused', 'canceled');

create trigger status_follows_the_rules before update of status on subscriptions
  for each row execute function refuse_impossible_transition();

-- The timeline: one row per entry. `before` and `after` are the subscription's row; null before the first.
create table subscription_changes (
  subscription_id uuid not null references subscriptions (id),
  seq bigint not null,
  at timestamptz not null,
  actor text not null,
  kind text not null,
  before jsonb,
  after jsonb not null,
  cause text not null,
  primary key (subscription_id, seq)
);

-- One row per letter to a customer. The key names the fact, so a fact that is seen twice is one letter.
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
