-- What differs between here and Stripe, one row per finding: seen again it is the same row. Money is never among what is
-- repaired by itself.
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

-- Prices that were made at Stripe and stand for a plan here, beside the one that each version has itself.
create table stripe_prices (
  price_id text primary key,
  plan_version_id uuid not null references plan_versions (id),
  created_at timestamptz not null
);

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
-- What a run found at Stripe; so it knows what is here alone.
create table reconciliation_seen (
  run_id uuid not null references reconciliation_runs (id) on delete cascade,
  stripe_id text not null,
  primary key (run_id, stripe_id)
);
