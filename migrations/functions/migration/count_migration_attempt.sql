-- Counts an attempt before it is made, and returns its number.
create or replace function count_migration_attempt(p_migration uuid, p_subscription uuid) returns integer
language sql set search_path = public, pg_temp as $$
  update plan_migration_items set attempts = attempts + 1
  where migration_id = p_migration and subscription_id = p_subscription
  returning attempts
$$;
