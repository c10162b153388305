-- callers: service, users
-- needed by: tables
--
-- The application's own id of the user whose token came with the request (`sub`); null without a token. Policies
-- compare it with the rows' owner, once per statement.
create or replace function requesting_user_id() returns text language sql stable set search_path = pg_catalog, pg_temp as $$
  select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
$$;
