-- never null: all
-- Creates a migration.
--
-- Returns `created`; `repeated` if it exists (it stays as it is); or `outdated`, and writes nothing, if migrations run
-- that are not in `p_running`, those the caller saw: then the caller looks again.
-- Locks the table, so that each sees all that run.
create or replace function create_plan_migration(p_row jsonb, p_sources uuid[], p_running uuid[]) returns text
language plpgsql set search_path = public, pg_temp as $$
declare
  r plan_migrations := jsonb_populate_record(null::plan_migrations, p_row);
begin
  lock table plan_migrations in share row exclusive mode;
  if exists (select from plan_migrations m where m.id = r.id) then
    return 'repeated';
  end if;
  if not r.dry_run and exists (
    select from plan_migrations m where m.ended_at is null and not m.dry_run and not m.id = any (p_running)
  ) then
    return 'outdated';
  end if;
  insert into plan_migrations select r.*;
  insert into plan_migration_sources (migration_id, plan_version_id) select r.id, s from unnest(p_sources) as s;
  return 'created';
end $$;
