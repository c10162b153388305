-- callers: functions
-- Marks events as done. An event that an operator parked meanwhile stays parked.
--
-- Locks them in the order of their ids, so that two callers with the same events cannot deadlock.
create or replace function finish_stripe_events(p_subscription uuid, p_events text[]) returns void
language sql set search_path = public, pg_temp as $$
  with finished as materialized (
    select e.account, e.livemode, e.event_id from stripe_events e
    where e.event_id = any (p_events) and e.state <> 'parked'
    order by e.event_id, e.account, e.livemode for no key update
  )
  update stripe_events e set state = 'done', subscription_id = p_subscription, last_error = null
  from finished f where (e.account, e.livemode, e.event_id) = (f.account, f.livemode, f.event_id)
$$;
