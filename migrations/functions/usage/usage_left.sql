-- callers: functions
-- What a window has left: its own limit and the grants, minus what is reserved. Never negative; null is unlimited.
--
-- The only place in SQL that knows this sum, for windows with extras; without extras it is what `usage_own_left` returns.
-- Postgres inlines it.
-- p_own_left: from `usage_own_left`.
-- p_granted: what is left of the grants that the window may use; 0 to leave them out.
-- p_held: what is reserved, without the caller's own reservation.
create or replace function usage_left(p_own_left bigint, p_granted bigint, p_held bigint) returns bigint language sql immutable as $$
  select case when p_own_left is not null then greatest(0, p_own_left + p_granted - p_held) end
$$;
