-- callers: owner
-- needed by: tables
--
-- Closes a table to end users: row-level security is on, and only the service may read and write. Supabase grants
-- every new table to users, so each new table needs this call.
-- Running it twice changes nothing.
create or replace function close_table(p_table regclass) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('revoke all on table %s from public', p_table);
  if has_api_roles() then
    execute format('revoke all on table %s from anon, authenticated', p_table);
    execute format('grant select, insert, update, delete on table %s to service_role', p_table);
  end if;
end $$;
