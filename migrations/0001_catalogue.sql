-- Plans, their versions, and the features that each version grants.
--
-- A published version never changes: subscriptions keep what was bought, and a price that was charged can always be
-- explained. To change a plan, publish a new version.

create table plans (
  id uuid primary key,
  slug text not null,
  name text not null,
  -- A customer has at most one live subscription per product line.
  product_line text not null default 'main',
  -- A change to a higher rank is an upgrade, to a lower rank a downgrade.
  rank integer not null,
  created_at timestamptz not null,
  constraint plan_slug_is_unique unique (slug),
  constraint plan_slug_is_a_slug check (slug ~ '^[a-z][a-z0-9_]{0,63}$'),
  constraint plan_name_has_a_length check (char_length(name) between 1 and 128)
);

create trigger published_plans_keep_slug_and_line before update on plans
  for each row execute function refuse_change_of_sold_plan();

-- A draft may be incomplete and changes freely. Once published it is complete and never changes. The versions on sale are
-- `active`; a retired version is kept for the subscriptions that have it.
create table plan_versions (
  id uuid primary key,
  plan_id uuid not null references plans (id),
  version integer not null,
  period text,
  price_minor bigint,
  currency text,
  trial_days integer not null default 0,
  active boolean not null default false,
  published_at timestamptz,
  -- The user that this version is made for; it is offered to nobody else.
  custom_for text,
  stripe_product_id text,
  stripe_price_id text,
  created_at timestamptz not null,
  retired_at timestamptz,
  -- From this instant on the user's own version is not offered any more, and the subscription returns to the plan's version.
  custom_until timestamptz,
  constraint plan_version_is_numbered_once unique (plan_id, version),
  constraint stripe_price_is_one_version unique (stripe_price_id),
  constraint plan_version_counts_from_one check (version >= 1),
  constraint plan_period_is_known check (period in ('monthly', 'yearly')),
  constraint price_is_not_negative check (price_minor >= 0),
  constraint currency_is_iso_4217_in_lower_case check (currency ~ '^[a-z]{3}$'),
  constraint trial_is_at_most_two_years check (trial_days between 0 and 730),
  constraint published_version_is_whole check (
    published_at is null or (period is not null and price_minor is not null and currency is not null)),
  constraint only_published_versions_are_active check (not active or published_at is not null),
  constraint only_published_versions_retire check (retired_at is null or published_at is not null),
  constraint retired_versions_are_not_on_sale check (retired_at is null or not active),
  constraint free_plans_have_no_trial check (published_at is null or price_minor > 0 or trial_days = 0),
  constraint custom_user_has_a_length check (char_length(custom_for) between 1 and 128),
  constraint only_a_users_own_version_ends check (custom_until is null or custom_for is not null)
);

-- A plan may be sold in several currencies; one version of each is on sale.
create unique index one_active_version_per_plan_and_currency on plan_versions (plan_id, currency)
  where active and custom_for is null;
create unique index one_active_version_per_plan_and_user on plan_versions (plan_id, custom_for)
  where active and custom_for is not null;
create index custom_versions_that_end on plan_versions (custom_until) where custom_until is not null;

create trigger published_version_is_immutable before update on plan_versions
  for each row execute function refuse_change_of_published_version();
create trigger published_version_is_kept before delete on plan_versions
  for each row execute function refuse_change_of_published_version();

create table features (
  id uuid primary key,
  code text not null,
  name text not null,
  -- `boolean` is on or off, `metered` is used up, `allocated` is held and released.
  type text not null,
  unit text,
  -- The name of the meter's events at Stripe; null is the code.
  meter_event_name text,
  constraint feature_code_is_unique unique (code),
  constraint feature_code_is_a_slug check (code ~ '^[a-z][a-z0-9_]{0,63}$'),
  constraint feature_type_is_known check (type in ('boolean', 'metered', 'allocated'))
);

create trigger granted_features_keep_code_and_type before update on features
  for each row execute function refuse_change_of_granted_feature();

-- The features that a version grants. A null `quota_limit` is unlimited.
create table plan_features (
  plan_version_id uuid not null references plan_versions (id),
  feature_id uuid not null references features (id),
  quota_limit bigint,
  reset text not null,
  overage text not null default 'refuse',
  -- Per cent of the limit at which the customer gets a letter.
  alert_thresholds integer[] not null default '{80,100}',
  -- How much of an unused quota the next window gets; null is nothing.
  rollover_max bigint,
  primary key (plan_version_id, feature_id),
  constraint quota_is_not_negative check (quota_limit is null or quota_limit >= 0),
  constraint reset_is_known check (reset in ('hour', 'day', 'week', 'month', 'period', 'never')),
  constraint overage_is_known check (overage in ('refuse', 'allow', 'bill')),
  constraint thresholds_are_per_cent check (1 <= all (alert_thresholds) and 1000 >= all (alert_thresholds)),
  constraint at_most_ten_thresholds check (cardinality(alert_thresholds) <= 10),
  constraint rollover_is_not_negative check (rollover_max is null or rollover_max >= 0)
);

create trigger published_features_are_immutable before insert or update or delete on plan_features
  for each row execute function refuse_change_of_published_features();

-- A record of every change of the catalogue. Never changed; their number is the catalogue's revision.
create table catalogue_changes (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  -- The id of an API key, or the name of a command.
  by text not null,
  kind text not null,
  subject text not null,
  before jsonb,
  after jsonb
);
