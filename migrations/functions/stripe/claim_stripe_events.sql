-- Claims due events for the caller alone until `p_until`, and counts the attempt.
--
-- p_bills: `like` patterns of the event types of invoices; p_is_bills: claim those, or all others. The two are
-- separate queues.
--
-- A quarter of the round is for the events that are due since the shortest time: those that arrive behind a flood do not wait
-- for its end. The rest is for those that are due since the longest time, so that none waits for ever. The order of events does not
-- matter, because the state is read from Stripe.
create or replace function claim_stripe_events(
  p_is_bills boolean, p_bills text[], p_now timestamptz, p_until timestamptz, p_limit integer
) returns setof stripe_events language sql set search_path = public, pg_temp as $$
  with newest as materialized (
    select e.account, e.livemode, e.event_id from stripe_events e
    where e.state in ('received', 'forwarded') and e.due_at <= p_now and (e.type like any (p_bills)) = p_is_bills
    order by e.due_at desc limit p_limit / 4 for update skip locked
  ), oldest as materialized (
    select e.account, e.livemode, e.event_id from stripe_events e
    where e.state in ('received', 'forwarded') and e.due_at <= p_now and (e.type like any (p_bills)) = p_is_bills
    order by e.due_at limit p_limit - p_limit / 4 for update skip locked
  ), due as materialized (
    select * from newest union select * from oldest
  )
  update stripe_events e set attempts = e.attempts + 1, due_at = p_until
  from due where (e.account, e.livemode, e.event_id) = (due.account, due.livemode, due.event_id)
  returning e.*
$$;
