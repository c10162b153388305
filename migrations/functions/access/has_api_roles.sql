-- needed by: tables
--
-- Whether this server has the three roles that PostgREST acts as. Without them nothing is granted to anybody, and
-- row-level security alone protects the tables.
create or replace function has_api_roles() returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select count(*) = 3 from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
$$;
