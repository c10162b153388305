-- Plans, their versions and what each version grants.
-- A published version never changes: subscribers keep what they bought, and a price that was charged can be explained for ever.

create table plans (
  id uuid primary key,
  slug text not null,
  name text not null,
  product_line text not null default 'main',
  rank integer not null,
  created_at timestamptz not null,
  constraint plan_slug_is_unique unique (slug),
  constraint plan_slug_is_a_slug check (slug ~ '^[a-z][a-z0-9_]{0,63}$'),
  constraint plan_name_has_a_length check (char_length(name) between 1 and 128)
);

create table plan_versions (
  id uuid primary key,
  plan_id uuid not null references plans (id),
  version integer not null,
  period text not null,
  price_minor bigint not null,
  currency text not null,
  trial_days integer not null default 0,
  active boolean not null default false,
  published_at timestamptz,
  custom_for text,
  stripe_product_id text,
  stripe_price_id text,
  created_at timestamptz not null,
  constraint plan_version_is_numbered_once unique (plan_id, version),
  constraint stripe_price_is_one_version unique (stripe_price_id),
  constraint plan_version_counts_from_one check (version >= 1),
  constraint plan_period_is_known check (period in ('monthly', 'yearly')),
  constraint price_is_not_negative check (price_minor >= 0),
  constraint currency_is_iso_4217_in_lower_case check (currency ~ '^[a-z]{3}$'),
  constraint trial_is_at_most_two_years check (trial_days between 0 and 730),
  constraint only_published_versions_are_active check (not active or published_at is not null)
);

create unique index one_active_version_per_plan on plan_versions (plan_id) where active and custom_for is null;

create table features (
  id uuid primary key,
  code text not null,
  name text not null,
  type text not null,
  unit text,
  constraint feature_code_is_unique unique (code),
  constraint feature_code_is_a_slug check (code ~ '^[a-z][a-z0-9_]{0,63}$'),
  constraint feature_type_is_known check (type in ('boolean', 'metered', 'allocated'))
);

create table plan_features (
  plan_version_id uuid not null references plan_versions (id),
  feature_id uuid not null references features (id),
  quota_limit bigint,
  reset text not null,
  overage text not null default 'refuse',
  alert_thresholds integer[] not null default '{80,100}',
  primary key (plan_version_id, feature_id),
  constraint quota_is_not_negative check (quota_limit is null or quota_limit >= 0),
  constraint reset_is_known check (reset in ('hour', 'day', 'week', 'month', 'period', 'never')),
  constraint overage_is_known check (overage in ('refuse', 'allow', 'bill'))
);

create function refuse_change_of_published_version() returns trigger language plpgsql as $$
begin
  if old.published_at is not null and (
    new.plan_id, new.version, new.period, new.price_minor, new.currency, new.trial_days, new.published_at
  ) is distinct from (
    old.plan_id, old.version, old.period, old.price_minor, old.currency, old.trial_days, old.published_at
  ) then
    raise exception 'plan version % is published and cannot change: publish a new version', old.id
      using errcode = 'check_violation', constraint = 'published_version_is_immutable';
  end if;
  return new;
end $$;

create trigger published_version_is_immutable before update on plan_versions
  for each row execute function refuse_change_of_published_version();

create function refuse_change_of_published_features() returns trigger language plpgsql as $$
begin
  if exists (
    select from plan_versions
    where id = coalesce(new.plan_version_id, old.plan_version_id) and published_at is not null
  ) then
    raise exception 'the features of a published plan version cannot change: publish a new version'
      using errcode = 'check_violation', constraint = 'published_features_are_immutable';
  end if;
  return coalesce(new, old);
end $$;

create trigger published_features_are_immutable before insert or update or delete on plan_features
  for each row execute function refuse_change_of_published_features();
