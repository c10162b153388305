-- needed by: tables
--
-- A published version never changes and is never deleted. Only its sale (`active`, `retired_at`, `custom_until`) and
-- its ids at Stripe may still be written, each within the limits below.
--
-- The price at Stripe may be replaced once the old one is mapped to the version: see replace_stripe_price.
--
-- When a user is erased, the id in `custom_for` may change to an `erased/…` name.
create or replace function refuse_change_of_published_version() returns trigger
language plpgsql set search_path = public, pg_temp as $$
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
    case when new.custom_for like 'erased/%' then old.custom_for else new.custom_for end, new.created_at
  ) is distinct from (
    old.id, old.plan_id, old.version, old.period, old.price_minor, old.currency, old.trial_days, old.published_at,
    old.custom_for, old.created_at
  ) then
    raise exception 'plan version % is published and cannot change: publish a new version', old.id
      using errcode = 'check_violation', constraint = 'published_version_is_immutable';
  end if;
  -- Customers are charged this price at Stripe: once set, it stays known.
  if old.stripe_price_id is not null and new.stripe_price_id is distinct from old.stripe_price_id
    and not exists (select from stripe_prices s where s.price_id = old.stripe_price_id and s.plan_version_id = old.id) then
    raise exception 'plan version % has the price % at Stripe', old.id, old.stripe_price_id
      using errcode = 'check_violation', constraint = 'stripe_price_of_a_version_stays';
  end if;
  if old.retired_at is not null and new.retired_at is distinct from old.retired_at then
    raise exception 'plan version % is retired for good', old.id
      using errcode = 'check_violation', constraint = 'retired_versions_stay_retired';
  end if;
  return new;
end $$;
