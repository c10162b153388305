-- callers: functions
-- Whether the price of a version has to be active at Stripe: it is published and not retired, or a migration is being
-- rolled back to it. Stripe accepts no archived price for a subscription, so a retired price is active again during a
-- rollback.
create or replace function is_sold_at_stripe(p_version plan_versions) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select p_version.published_at is not null and (p_version.retired_at is null or exists (
    select from plan_migration_sources s join plan_migrations m on m.id = s.migration_id
    where s.plan_version_id = p_version.id and m.phase = 'rolling_back' and m.ended_at is null))
$$;
