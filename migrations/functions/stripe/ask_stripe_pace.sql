-- never null: all
-- Asks when `p_count` requests of a class may go to Stripe, across all processes.
-- Returns one row for each, in order: whether it may go, and after how many milliseconds it goes, or should ask again.
--
-- p_interval_ms: between two requests.
-- p_lead_ms: how early requests may go after a silence, several at once.
-- p_wait_max_ms: a caller's request that would wait longer is sent away.
-- p_reserve_max_ms: the same for this class. Requests of other classes than `caller` reserve only a short time ahead and ask again, so
-- that a caller waits for few of them, however many there are.
-- p_turn_ms: but one of them goes in each such time, so that callers never starve the class. Null for callers.
-- p_ahead_max_ms: an instant further ahead was set by a clock that has gone back since, and does not count.
-- Uses this server's clock, whatever the callers' clocks say.
-- Locks the only row of `stripe_pace`. A process that cannot reach the database follows the same rule alone.
-- may be null: p_turn_ms
create or replace function ask_stripe_pace(
  p_class text, p_count integer, p_interval_ms double precision, p_lead_ms double precision,
  p_wait_max_ms double precision, p_reserve_max_ms double precision, p_turn_ms double precision,
  p_ahead_max_ms double precision
) returns table (may_go boolean, after_ms double precision) language plpgsql set search_path = public, pg_temp as $$
declare
  v_interval interval := p_interval_ms * interval '1 millisecond';
  v_lead interval := p_lead_ms * interval '1 millisecond';
  v_reserve_max interval := p_reserve_max_ms * interval '1 millisecond';
  -- Callers reserve up to the longest wait, so a turn waits behind all of theirs, and behind other turns.
  v_turn_wait_max interval := 2 * p_wait_max_ms * interval '1 millisecond';
  v_now timestamptz;
  v_ahead timestamptz;
  v_next timestamptz;
  v_turn timestamptz;
  v_back timestamptz;
  v_slot timestamptz;
  v_after interval;
begin
  -- Do not wait for the disk or a standby: requests behind this one would wait too, and a lost row does no harm.
  perform set_config('synchronous_commit', 'off', true);
  select p.next_at into strict v_next from stripe_pace p for update;
  select c.turn_at, c.coming_back_at into strict v_turn, v_back from stripe_pace_classes c where c.class = p_class;
  -- Read after the lock, which may have taken a while.
  v_now := clock_timestamp();
  v_ahead := v_now + p_ahead_max_ms * interval '1 millisecond';
  if v_next > v_ahead then
    v_next := v_now;
  end if;
  if v_back > v_ahead then
    v_back := v_now;
  end if;
  if v_turn > v_ahead then
    v_turn := v_now;
  end if;
  for i in 1 .. p_count loop
    v_slot := greatest(v_next, v_now);
    v_after := greatest(v_slot - v_lead - v_now, interval '0');
    may_go := v_after <= v_reserve_max or (p_turn_ms is not null and v_turn <= v_now and v_after <= v_turn_wait_max);
    if may_go then
      v_next := v_slot + v_interval;
      v_turn := v_now + coalesce(p_turn_ms, 0) * interval '1 millisecond';
    else
      v_back := greatest(v_back, v_slot) + v_interval;
      v_after := v_back - v_now;
    end if;
    after_ms := extract(epoch from v_after) * 1000;
    return next;
  end loop;
  update stripe_pace set next_at = v_next;
  update stripe_pace_classes c set turn_at = v_turn, coming_back_at = v_back where c.class = p_class;
end $$;

-- Without classes, for processes of the release before.
create or replace function ask_stripe_pace(
  p_count integer, p_interval_ms double precision, p_lead_ms double precision, p_wait_max_ms double precision,
  p_ahead_max_ms double precision
) returns table (may_go boolean, after_ms double precision) language plpgsql set search_path = public, pg_temp as $$
declare
  v_interval interval := p_interval_ms * interval '1 millisecond';
  v_lead interval := p_lead_ms * interval '1 millisecond';
  v_wait_max interval := p_wait_max_ms * interval '1 millisecond';
  v_now timestamptz;
  v_ahead timestamptz;
  v_next timestamptz;
  v_back timestamptz;
  v_slot timestamptz;
  v_after interval;
begin
  -- Do not wait for the disk or a standby: requests behind this one would wait too, and a lost row does no harm.
  perform set_config('synchronous_commit', 'off', true);
  select p.next_at, p.coming_back_at into strict v_next, v_back from stripe_pace p for update;
  -- Read after the lock, which may have taken a while.
  v_now := clock_timestamp();
  v_ahead := v_now + p_ahead_max_ms * interval '1 millisecond';
  if v_next > v_ahead then
    v_next := v_now;
  end if;
  if v_back > v_ahead then
    v_back := v_now;
  end if;
  for i in 1 .. p_count loop
    v_slot := greatest(v_next, v_now);
    v_after := greatest(v_slot - v_lead - v_now, interval '0');
    may_go := v_after <= v_wait_max;
    if may_go then
      v_next := v_slot + v_interval;
    else
      v_back := greatest(v_back, v_slot) + v_interval;
      v_after := v_back - v_now;
    end if;
    after_ms := extract(epoch from v_after) * 1000;
    return next;
  end loop;
  update stripe_pace set next_at = v_next, coming_back_at = v_back;
end $$;
