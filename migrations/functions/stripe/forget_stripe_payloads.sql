-- never null: all
-- Deletes the payloads of at most `p_limit` finished events received before `p_before`, and returns how many. The rows
-- stay.
create or replace function forget_stripe_payloads(p_before timestamptz, p_limit integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with emptied as (
    update stripe_events set payload = null where (account, livemode, event_id) in (
      select e.account, e.livemode, e.event_id from stripe_events e
      where e.payload is not null and e.state in ('done', 'parked') and e.received_at < p_before
      limit p_limit)
    returning 1
  )
  select count(*) from emptied
$$;
