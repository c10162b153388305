-- callers: owner
-- needed by: tables
--
-- Closes a function to all but the service. `perennial migrate` calls it for every function that it applies; a
-- function with other callers says so in its first line.
-- Running it twice changes nothing.
create or replace function close_function(p_function regprocedure) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  execute format('revoke all on function %s from public', p_function);
  if has_api_roles() then
    execute format('revoke all on function %s from anon, authenticated', p_function);
    execute format('grant execute on function %s to service_role', p_function);
  end if;
end $$;
