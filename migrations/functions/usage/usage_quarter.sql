-- callers: functions
-- The quarter of an hour that contains an instant: the step of `usage_sums`. Postgres inlines it.
create or replace function usage_quarter(p_at timestamptz) returns timestamptz language sql immutable as $$
  select date_bin('15 minutes', p_at, '2000-01-01T00:00:00Z')
$$;
