-- callers: owner
-- needed by: tables
--
-- Lets roles read some columns of a table, in rows for which `p_condition` holds.
--
-- p_columns: a list of column names.
-- p_roles: `authenticated`, or `anon, authenticated`.
-- p_condition: an SQL expression. Does nothing where the roles do not exist.
-- Running it twice fails, because the policy exists.
create or replace function open_columns(p_table regclass, p_columns text, p_roles text, p_condition text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  if has_api_roles() then
    execute format('grant select (%s) on table %s to %s', p_columns, p_table, p_roles);
    execute format('create policy users_read on %s for select to %s using (%s)', p_table, p_roles, p_condition);
  end if;
end $$;
