-- The life of a plan version: a draft may be incomplete and changes freely; published it is whole and never changes; one of
-- a plan's published versions is on sale (`active`); a retired one is kept for those who have it. What a version is made for
-- one user (`custom_for`) is offered to that user alone, until it ends.

alter table plan_versions
  alter column period drop not null,
  alter column price_minor drop not null,
  alter column currency drop not null,
  add column retired_at timestamptz,
  -- From this instant on a user's own version is offered no more, and who has it goes back to the plan's.
  add column custom_until timestamptz,
  add constraint published_version_is_whole check (
    published_at is null or (period is not null and price_minor is not null and currency is not null)),
  add constraint only_published_versions_retire check (retired_at is null or published_at is not null),
  add constraint retired_versions_are_not_on_sale check (retired_at is null or not active),
  add constraint only_a_users_own_version_ends check (custom_until is null or custom_for is not null),
  add constraint free_plans_have_no_trial check (published_at is null or price_minor > 0 or trial_days = 0),
  add constraint custom_user_has_a_length check (char_length(custom_for) between 1 and 128);

create unique index one_active_version_per_plan_and_user on plan_versions (plan_id, custom_for)
  where active and custom_for is not null;
create index custom_versions_that_end on plan_versions (custom_until) where custom_until is not null;
create index subscriptions_of_a_plan_version on subscriptions (plan_version_id, id)
  where status not in ('canceled', 'incomplete_expired');

alter table plan_features
  add constraint thresholds_are_per_cent check (1 <= all (alert_thresholds) and 1000 >= all (alert_thresholds)),
  add constraint at_most_ten_thresholds check (cardinality(alert_thresholds) <= 10);

-- Whatever changed in the catalogue, by whom, for whoever asks later. Never changed.
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

create or replace function refuse_change_of_published_version() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.published_at is not null then
      raise exception 'plan version % was published and cannot be deleted: retire it', old.id
        using errcode = 'check_violation', constraint = 'published_version_is_immutable';
    end if;
    return old;
  end if;
  if old.published_at is not null and (
    new.id, new.plan_id, new.version, new.period, new.price_minor, new.currency, new.trial_days, new.published_at,
    new.custom_for, new.created_at
  ) is distinct from (
    old.id, old.plan_id, old.version, old.period, old.price_minor, old.currency, old.trial_days, old.published_at,
    old.custom_for, old.created_at
  ) then
    raise exception 'plan version % is published and cannot change: publish a new version', old.id
      using errcode = 'check_violation', constraint = 'published_version_is_immutable';
  end if;
  -- Its price at Stripe was charged: once known, it stays.
  if old.stripe_price_id is not null and new.stripe_price_id is distinct from old.stripe_price_id then
    raise exception 'plan version % has the price % at Stripe', old.id, old.stripe_price_id
      using errcode = 'check_violation', constraint = 'stripe_price_of_a_version_stays';
  end if;
  if old.retired_at is not null and new.retired_at is distinct from old.retired_at then
    raise exception 'plan version % is retired for good', old.id
      using errcode = 'check_violation', constraint = 'retired_versions_stay_retired';
  end if;
  return new;
end $$;

create trigger published_version_is_kept before delete on plan_versions
  for each row execute function refuse_change_of_published_version();

create or replace function refuse_change_of_published_features() returns trigger language plpgsql as $$
begin
  if exists (
    select from plan_versions v
    where v.published_at is not null and v.id in (old.plan_version_id, new.plan_version_id)
  ) then
    raise exception 'the features of a published plan version cannot change: publish a new version'
      using errcode = 'check_violation', constraint = 'published_features_are_immutable';
  end if;
  return coalesce(new, old);
end $$;

-- What a feature is called and how it is counted is part of every version that grants it.
create function refuse_change_of_granted_feature() returns trigger language plpgsql as $$
begin
  if (new.id, new.code, new.type) is distinct from (old.id, old.code, old.type) and exists (
    select from plan_features pf join plan_versions v on v.id = pf.plan_version_id
    where pf.feature_id = old.id and v.published_at is not null
  ) then
    raise exception 'feature % is granted by a published plan version: its code and type cannot change', old.code
      using errcode = 'check_violation', constraint = 'granted_features_keep_code_and_type';
  end if;
  return new;
end $$;

create trigger granted_features_keep_code_and_type before update on features
  for each row execute function refuse_change_of_granted_feature();

-- Subscriptions carry the product line of their plan.
create function refuse_change_of_sold_plan() returns trigger language plpgsql as $$
begin
  if (new.id, new.slug, new.product_line) is distinct from (old.id, old.slug, old.product_line)
     and exists (select from plan_versions v where v.plan_id = old.id and v.published_at is not null) then
    raise exception 'plan % was published: its slug and product line cannot change', old.slug
      using errcode = 'check_violation', constraint = 'published_plans_keep_slug_and_line';
  end if;
  return new;
end $$;

create trigger published_plans_keep_slug_and_line before update on plans
  for each row execute function refuse_change_of_sold_plan();
