-- Lets no request go for `p_for_ms` milliseconds, because Stripe said that there were too many.
-- p_lead_ms: see `ask_stripe_pace`.
create or replace function hold_stripe_pace(p_for_ms double precision, p_lead_ms double precision) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update stripe_pace
  set next_at = greatest(next_at, clock_timestamp() + (p_for_ms + p_lead_ms) * interval '1 millisecond');
end $$;
