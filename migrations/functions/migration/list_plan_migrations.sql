-- may be null: p_id, p_is_running
-- never null: all
-- Plan migrations, newest first.
-- p_id, p_is_running: filters, or null.
create or replace function list_plan_migrations(p_id uuid, p_is_running boolean, p_limit integer) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select to_jsonb(m) || jsonb_build_object('sources', coalesce((
    select jsonb_agg(s.plan_version_id order by s.plan_version_id) from plan_migration_sources s
    where s.migration_id = m.id), '[]'))
  from plan_migrations m
  where (p_id is null or m.id = p_id) and (p_is_running is null or (m.ended_at is null) = p_is_running)
  order by m.created_at desc
  limit p_limit
$$;
