-- callers: functions
-- What is left of a window's own limit, with what rolled over, without grants and holds. Never negative; null is
-- unlimited.
--
-- The only place in SQL that knows this sum: every path that asks whether an amount fits calls it. `usage_left` adds
-- grants and holds. Postgres inlines it.
-- p_limit: the limit in force, an override's or the window's own.
create or replace function usage_own_left(u feature_usage, p_limit bigint) returns bigint language sql immutable as $$
  select case when p_limit is not null then greatest(0,
    p_limit + u.rolled_in_amount - u.rolled_out_amount - (u.used_amount - u.granted_amount - u.overage_amount)) end
$$;
