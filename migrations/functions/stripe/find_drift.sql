-- One finding by its key.
create or replace function find_drift(p_key text) returns setof drift_findings
language sql stable set search_path = public, pg_temp as $$
  select f.* from drift_findings f where f.key = p_key
$$;
