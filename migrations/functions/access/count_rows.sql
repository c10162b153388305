-- never null: all
-- Returns `p_count` rows. The service calls it at startup to find out whether PostgREST truncates large answers.
create or replace function count_rows(p_count integer) returns table (number integer)
language sql stable set search_path = public, pg_temp as $$
  select n from generate_series(1, p_count) as n
$$;
