-- never null: all
-- How many findings are open, by kind.
create or replace function count_drift() returns table (kind text, open bigint)
language sql stable set search_path = public, pg_temp as $$
  select f.kind, count(*) from drift_findings f where f.state = 'open' group by f.kind order by f.kind
$$;
