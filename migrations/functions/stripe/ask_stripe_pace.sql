-- never null: all
-- Asks when `p_count` requests may go to Stripe, across all processes.
-- Returns one row for each, in order: whether it may go, and after how many milliseconds it goes, or should ask again.
--
-- p_interval_ms: between two requests.
-- p_lead_ms: how early requests may go after a silence, several at once.
-- p_wait_max_ms: a request that would wait longer is sent away.
-- p_ahead_max_ms: an instant further ahead was set by a clock that has gone back since, and does not count.
-- Uses this server's clock, whatever the callers' clocks say.
-- Locks the only row of `stripe_pace`. A process that cannot reach the database follows the same rule alone.
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
