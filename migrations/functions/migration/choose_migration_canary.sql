-- never null: all
-- Marks the share that moves first, and returns how many. The order is a hash of the ids, so running it twice marks
-- the same.
--
-- p_percent: 0 to 100, rounded up to whole subscriptions.
create or replace function choose_migration_canary(p_migration uuid, p_percent integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with ranked as (
    select i.subscription_id, count(*) over () as total,
      row_number() over (order by md5(i.migration_id::text || i.subscription_id::text)) as rank
    from plan_migration_items i where i.migration_id = p_migration and i.verdict = 'moves'
  ), chosen as (
    update plan_migration_items i set canary = true from ranked r
    where i.migration_id = p_migration and i.subscription_id = r.subscription_id
      and r.rank <= ceil(r.total * p_percent::numeric / 100)
    returning 1
  )
  select count(*) from chosen
$$;
