-- Stripe's limit is one for the whole account, and so the line in which requests wait is one for all processes. It goes by the
-- clock of this server, whatever theirs say. Whoever cannot ask here keeps a pace alone (adapters/stripe/sdk/pacing.ts).

-- One row. `next_at`: when the next request has its turn; `coming_back_at`: the last moment that was given to one that was
-- turned away. Both may be lost in a crash: then some go a little too early.
create table stripe_pace (
  is_only boolean primary key default true,
  next_at timestamptz not null,
  coming_back_at timestamptz not null,
  constraint there_is_one_pace check (is_only)
);
insert into stripe_pace (next_at, coming_back_at) values ('epoch', 'epoch');
select close_table('stripe_pace');

-- Leave for `p_count` requests, one row for each, in their order: may it go, and after how long; or is it turned away, and when
-- should it come back. What the arguments mean is said in domain/stripe/pace.ts; the same is decided by adapters/stripe/sdk/pace.ts.
create function ask_stripe_pace(
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
  -- Nobody waits for a disk, or for a standby: neither the request nor those behind it in the line.
  perform set_config('synchronous_commit', 'off', true);
  select p.next_at, p.coming_back_at into strict v_next, v_back from stripe_pace p for update;
  -- Only now: it may have taken a while to get the row.
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
select close_function(
  'ask_stripe_pace(integer, double precision, double precision, double precision, double precision)');

-- Nothing goes for so long.
create function hold_stripe_pace(p_for_ms double precision, p_lead_ms double precision) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update stripe_pace
  set next_at = greatest(next_at, clock_timestamp() + (p_for_ms + p_lead_ms) * interval '1 millisecond');
end $$;
select close_function('hold_stripe_pace(double precision, double precision)');
