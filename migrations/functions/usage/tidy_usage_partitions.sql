-- may be null: p_before
-- Creates the partitions of the coming months and drops those before `p_before` (null: none).
-- Returns the dropped names; null if another process is at it.
--
-- Usage waits while partitions come and go, so this gives up after a second, and the caller tries again later.
-- Runs with its owner's rights: only the owner of a partition may drop it.
create or replace function tidy_usage_partitions(p_now timestamptz, p_before timestamptz) returns text[]
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '1s' as $$
begin
  -- Any number, the same in all processes: only the process that holds it tidies.
  if not pg_try_advisory_xact_lock(5318008002) then
    return null;
  end if;
  perform ensure_usage_partitions(p_now);
  if p_before is null then
    return '{}';
  end if;
  return array(select drop_usage_partitions(p_now, p_before));
end $$;
