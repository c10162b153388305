-- The roles of a new database server; run once, by a superuser, with the database that Perennial is to use:
--   psql --dbname perennial --set owner_password=… --set service_password=… --file docs/roles.sql
-- Compose runs it when it creates the server.

-- Owns the tables. `perennial migrate` connects as this role, and nothing else does.
create role perennial_owner login password :'owner_password';

-- PostgREST acts as these three; without PostgREST they only hold privileges (docs/supabase.md).
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;

-- API and worker connect as this role. It reads and writes rows and calls functions, and can change no table.
create role perennial_service login bypassrls password :'service_password';
grant service_role to perennial_service;

alter database :"DBNAME" owner to perennial_owner;
