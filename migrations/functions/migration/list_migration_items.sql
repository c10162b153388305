-- may be null: p_state, p_after
-- The items of a migration as they are now, in the order of the subscriptions' ids.
-- p_state: a filter, or null.
create or replace function list_migration_items(p_migration uuid, p_state text, p_after uuid, p_limit integer)
returns setof plan_migration_items language sql stable set search_path = public, pg_temp as $$
  select i.* from current_migration_items(p_migration) i
  where (p_state is null or i.state = p_state) and (p_after is null or i.subscription_id > p_after)
  order by i.subscription_id
  limit p_limit
$$;
