-- Plan migrations: jobs that move subscriptions from one version to another. One row per job, and one per subscription in it.

create table plan_migrations (
  id uuid primary key,
  to_version_id uuid not null references plan_versions (id),
  takes_effect text not null,
  filter jsonb not null,
  dry_run boolean not null,
  canary_percent integer not null,
  rate_per_minute integer not null,
  reason text not null,
  -- The id of an API key.
  by text not null,
  state text not null,
  -- The phase that runs unless it is held. A run that starts again continues here.
  phase text not null,
  held_because text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  constraint migration_time_is_known check (takes_effect in ('now', 'period_end')),
  constraint canary_is_a_share check (canary_percent between 0 and 100),
  constraint migration_has_a_rate check (rate_per_minute >= 1),
  constraint migration_state_is_known check (state in (
    'planning', 'canary', 'awaiting_approval', 'moving', 'paused', 'rolling_back',
    'reviewed', 'done', 'stopped', 'rolled_back')),
  constraint migration_phase_is_known check (phase in ('planning', 'canary', 'moving', 'rolling_back')),
  constraint ended_exactly_when_over check (
    (ended_at is not null) = (state in ('reviewed', 'done', 'stopped', 'rolled_back')))
);
create index plan_migrations_that_run on plan_migrations (id) where ended_at is null;

create table plan_migration_sources (
  migration_id uuid not null references plan_migrations (id),
  plan_version_id uuid not null references plan_versions (id),
  primary key (migration_id, plan_version_id)
);

create table plan_migration_items (
  migration_id uuid not null references plan_migrations (id),
  subscription_id uuid not null references subscriptions (id),
  from_version_id uuid not null references plan_versions (id),
  verdict text not null,
  canary boolean not null default false,
  state text not null,
  reason text,
  attempts integer not null default 0,
  -- In minor units: the price per period before and after, and what the move itself charges (negative is a credit).
  currency text not null,
  before_minor bigint not null,
  after_minor bigint not null,
  now_minor bigint not null,
  updated_at timestamptz not null,
  primary key (migration_id, subscription_id),
  constraint item_state_is_known check (state in (
    'pending', 'moved', 'scheduled', 'awaiting_payment', 'skipped', 'failed', 'rolled_back', 'kept', 'rollback_failed')),
  constraint what_does_not_move_says_why check (
    state not in ('skipped', 'failed', 'kept', 'rollback_failed') or reason is not null)
);
create index plan_migration_items_by_state on plan_migration_items (migration_id, state, attempts, subscription_id);
