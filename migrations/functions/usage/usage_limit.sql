-- callers: functions
-- may be null: p_limit
-- A limit for so many units, at most 10^15; null is unlimited. Postgres inlines it.
create or replace function usage_limit(p_limit bigint, p_units bigint) returns bigint language sql immutable as $$
  select case when p_limit is not null then least(p_limit::numeric * p_units, 1000000000000000)::bigint end
$$;
