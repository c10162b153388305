-- Claims a cursor until `p_until` and returns how far it got; null if it is not due, or claimed by another process. A
-- new cursor starts at `p_now`.
create or replace function claim_sync_cursor(p_name text, p_now timestamptz, p_until timestamptz) returns timestamptz
language sql set search_path = public, pg_temp as $$
  insert into sync_cursors (name, position, due_at) values (p_name, p_now, p_until)
  on conflict (name) do update set due_at = p_until where sync_cursors.due_at <= p_now
  returning position
$$;
