-- never null: all
-- Deletes at most `p_limit` done events received before `p_before`, oldest first, and returns how many. Parked events
-- stay for an operator.
create or replace function forget_stripe_events(p_before timestamptz, p_limit integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with gone as (
    delete from stripe_events where (account, livemode, event_id) in (
      select e.account, e.livemode, e.event_id from stripe_events e
      where e.state = 'done' and e.received_at < p_before
      order by e.received_at limit p_limit)
    returning 1
  )
  select count(*) from gone
$$;
